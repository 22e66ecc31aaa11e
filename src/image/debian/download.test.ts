import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../lib/files.ts";
import { downloadFiles } from "./download.ts";

const content = randomBytes(3_000_000);
const lastModified = "Wed, 01 Jan 2020 00:00:00 GMT";

let folder: string;
let server: Server;
let path: string;
let uri: string;
/** Every request's `Range`. */
let ranges: (string | undefined)[];
/** After how many bytes a connection is cut; undefined: not at all. */
let cutAfter: number | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "download-"));
  path = join(folder, "arriving/file.deb");
  ranges = [];
  cutAfter = undefined;
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const start = rangeStart(request.headers);
    if (start >= content.length)
      return response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    response.writeHead(start === 0 ? 200 : 206, {
      "last-modified": lastModified,
      "content-length": content.length - start,
      ...(start > 0 && { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    if (cutAfter === undefined) return response.end(content.subarray(start));
    return response.write(content.subarray(start, start + cutAfter), () => request.socket.destroySoon());
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  uri = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/file.deb`;
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** A server must send all of a file that changed since (RFC 9110, 13.1.5). */
function rangeStart(headers: IncomingHttpHeaders): number {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
  return start === undefined || headers["if-range"] !== lastModified ? 0 : Number(start);
}

test("a file whose connection is cut again and again goes on where it was, in the next run, too", async () => {
  cutAfter = 500_000;
  const file = { uri, path, sha256: sha256(content) };
  await expect(downloadFiles([file])).rejects.toThrow(/cannot download file\.deb\n.*closed/s);
  cutAfter = undefined;
  await downloadFiles([file]);
  expect(ranges).toEqual([undefined, "bytes=500000-", "bytes=1000000-", "bytes=1500000-", "bytes=2000000-"]);
  expect(sha256(readFileSync(path))).toBe(file.sha256);
}, 30_000);

test("a whole file that an interrupted run left isn't downloaded again", async () => {
  const file = { uri, path, sha256: sha256(content) };
  await downloadFiles([file]);
  await downloadFiles([file]);
  expect(ranges).toEqual([undefined, "bytes=3000000-"]);
  expect(sha256(readFileSync(path))).toBe(file.sha256);
});

test("other bytes than the lock's are not kept, and the hint says what to do", async () => {
  const file = { uri, path, sha256: sha256("something else") };
  await expect(downloadFiles([file])).rejects.toMatchObject({ hint: expect.stringContaining("make lock") });
  expect(readdirSync(join(folder, "arriving"))).toEqual([]);
});
