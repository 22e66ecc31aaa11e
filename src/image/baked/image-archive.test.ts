import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeError } from "../../lib/errors.ts";
import { writeTar } from "../../tree/tar.ts";
import { makeTree, textFile } from "../../tree/tree.ts";
import { planOciLayout } from "../container-image.ts";
import { readImageNames } from "./image-archive.ts";

let folder: string;
let oci: Buffer;

const docker = (tags: string[] | null) => [
  textFile("manifest.json", JSON.stringify([{ Config: "c.json", Layers: ["l.tar"], RepoTags: tags }])),
  textFile("c.json", "{}"),
  textFile("l.tar", "x".repeat(5000)),
];

async function tarOf(entries: Parameters<typeof makeTree>[0]): Promise<Buffer> {
  const path = join(folder, "made.tar");
  await writeTar(makeTree(entries), path, 0);
  return readFileSync(path);
}

function archive(content: Uint8Array): string {
  const path = join(folder, "archive.tar");
  writeFileSync(path, content);
  return path;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "image-archive-"));
  const image = { name: "localhost/a:1", architecture: "amd64", config: {}, tree: new Map() };
  oci = await tarOf(planOciLayout(image, Buffer.alloc(4096, "layer"), 0));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("an OCI archive, a docker archive, and one with gzip say their names", async () => {
  expect(await readImageNames(archive(oci))).toEqual(["localhost/a:1"]);
  expect(await readImageNames(archive(gzipSync(oci)))).toEqual(["localhost/a:1"]);
  expect(await readImageNames(archive(await tarOf(docker(["a:1", "b:1"]))))).toEqual(["a:1", "b:1"]);
});

test.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
  ["an empty file", () => Buffer.alloc(0), /it is empty/],
  ["text", () => Buffer.from("hello ".repeat(500)), /cause: /],
  ["an archive that is cut off", () => oci.subarray(0, oci.length / 2), /end of data/],
  ["a gzip stream that is cut off", () => gzipSync(oci).subarray(0, 200), /end of file/],
  ["zstd", () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), /run zstd -d first/],
  ["an archive of something else", () => tarOf([textFile("a", "b")]), /neither an OCI nor a docker archive/],
  ["an image without a name", () => tarOf(docker(null)), /no image in it has a name/],
  ["an image without its layer", () => tarOf(docker(["a:1"]).slice(0, 2)), /l.tar is missing in it/],
  ["a table that is none", () => tarOf([textFile("index.json", "{")]), /cause: /],
])("refused: %s", async (_name, make, message) => {
  const path = archive(await make());
  const error = await readImageNames(path).catch((reason: unknown) => reason);
  expect(describeError(error)).toContain(`cannot use "${path}" as an image archive`);
  expect(describeError(error)).toMatch(message);
});
