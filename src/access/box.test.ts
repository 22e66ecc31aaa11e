// Against real servers of this machine: their certificates are openssl's.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificates } from "../../test/private-authority.ts";
import { run } from "../lib/run.ts";
import { fetchAuthority, isTaken } from "./box.ts";
import { createFolder, readIdentity } from "./folder.ts";

const folder = mkdtempSync(join(tmpdir(), "box-"));
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const servers: HttpsServer[] = [];

/** Answers 401 to who has no certificate of the folder's authority, as the API server does to wrong ones. */
async function serve(chain: readonly string[]): Promise<{ host: string; port: number }> {
  const options = {
    cert: chain.map(read).join(""),
    key: read("server.key"),
    ca: read("mine/ca.crt"),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createServer(options, (request, response) => {
    response.statusCode = (request.socket as unknown as { authorized: boolean }).authorized ? 200 : 401;
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

beforeAll(async () => {
  await makeCertificates(folder, "127.0.0.1");
  for (const name of ["mine", "theirs"])
    await createFolder(join(folder, name), { authorityDays: 2, days: 1 }, new Date());
}, 60_000); // RSA keys

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

test("the authority is the one that the server sends, with openssl's fingerprint", async () => {
  const { pem, fingerprint, serverName } = await fetchAuthority(await serve(["server.crt", "ca.crt"]));
  expect(pem.trim()).toBe(read("ca.crt").trim());
  const said = await run([
    "openssl",
    "x509",
    "-in",
    join(folder, "ca.crt"),
    "-noout",
    "-fingerprint",
    "-sha256",
  ]);
  const hex = Buffer.from(fingerprint.slice(7), "base64").toString("hex").toUpperCase();
  expect(said.trim().split("=")[1]?.replaceAll(":", "")).toBe(hex);
  expect(serverName).toBeUndefined();
});

test("a server that is called otherwise is asked by the API server's own name", async () => {
  const { port } = await serve(["server.crt", "ca.crt"]);
  expect((await fetchAuthority({ host: "localhost", port })).serverName).toBe("kubernetes");
});

test.each([
  ["none", ["server.crt"]],
  ["another one, that its certificate isn't by", ["server.crt", "theirs/ca.crt"]],
])("a server that sends %s is refused", async (_name, chain) => {
  await expect(fetchAuthority(await serve(chain))).rejects.toThrow("doesn't send the authority");
});

test("a certificate is taken, or not", async () => {
  const server = await serve(["server.crt", "ca.crt"]);
  const authority = await fetchAuthority(server);
  expect(await isTaken(server, authority, readIdentity(join(folder, "mine"), "admin"))).toBe(true);
  expect(await isTaken(server, authority, readIdentity(join(folder, "theirs"), "admin"))).toBe(false);
});

test("where nobody listens, that is said", async () => {
  await expect(fetchAuthority({ host: "127.0.0.1", port: 1 })).rejects.toThrow(
    "cannot reach https://127.0.0.1:1",
  );
});
