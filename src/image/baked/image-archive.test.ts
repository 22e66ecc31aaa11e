import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeError, UserError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/files.ts";
import { writeTar } from "../../tree/tar.ts";
import { type Entry, makeTree, textFile } from "../../tree/tree.ts";
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
  expect(await readImageNames(archive(oci), "amd64")).toEqual(["localhost/a:1"]);
  expect(await readImageNames(archive(gzipSync(oci)), "amd64")).toEqual(["localhost/a:1"]);
  expect(await readImageNames(archive(await tarOf(docker(["a:1", "b:1"]))), "amd64")).toEqual(["a:1", "b:1"]);
});

test("names of an archive may begin with ./", async () => {
  const entries = docker(["a:1"]).map(([path, node]) => [`./${path}`, node] as const);
  const path = join(folder, "dotted.tar");
  await writeTar(new Map(entries), path, 0);
  expect(await readImageNames(path, "amd64")).toEqual(["a:1"]);
});

test.each<[string, ImageChange, string[]]>([
  ["one of two platforms", { index: ["arm64", "amd64"] }, ["localhost/a:1"]],
  ["what the processor runs, too", { architecture: "386" }, ["localhost/a:1"]],
])("fits: %s", async (_name, change, names) => {
  expect(await readImageNames(archive(await ociOf(change)), "amd64")).toEqual(names);
});

test.each<[string, ImageChange, RegExp]>([
  ["another platform", { architecture: "arm64" }, /localhost\/a:1: it is for linux\/arm64/],
  ["other platforms", { index: ["arm64", "s390x"] }, /it is for linux\/arm64, linux\/s390x/],
  ["a Helm chart", { configType: "application/vnd.cncf.helm.config.v1+json" }, /it is a Helm chart/],
  [
    "something else",
    { configType: "application/vnd.example+json" },
    /no image, but "application\/vnd.example/,
  ],
  ["a tag without a name", { name: "1.0" }, /has a tag only, "1.0"/],
])("refused for a node: %s", async (_name, change, message) => {
  const path = archive(await ociOf(change));
  await expect(readImageNames(path, "amd64")).rejects.toThrow(UserError);
  const error = await readImageNames(path, "amd64").catch((reason: unknown) => reason);
  expect(describeError(error)).toMatch(message);
});

interface ImageChange {
  readonly architecture?: string;
  readonly configType?: string;
  readonly name?: string;
  /** Architectures that an index names; all have the same manifest. */
  readonly index?: readonly string[];
}

/** An OCI archive of one image without layers. */
function ociOf({ architecture = "amd64", configType, name = "localhost/a:1", index }: ImageChange) {
  const blobs: Entry[] = [];
  const add = (mediaType: string, value: object) => {
    const text = JSON.stringify(value);
    blobs.push(textFile(`blobs/sha256/${sha256(text)}`, text));
    return { mediaType, digest: `sha256:${sha256(text)}`, size: text.length };
  };
  const config = add(configType ?? "application/vnd.oci.image.config.v1+json", { os: "linux", architecture });
  const manifest = add("application/vnd.oci.image.manifest.v1+json", { config, layers: [] });
  const manifests = index?.map((each) => ({ ...manifest, platform: { os: "linux", architecture: each } }));
  const target = manifests ? add("application/vnd.oci.image.index.v1+json", { manifests }) : manifest;
  const annotations = { "org.opencontainers.image.ref.name": name };
  return tarOf([
    textFile("oci-layout", '{"imageLayoutVersion":"1.0.0"}'),
    textFile("index.json", JSON.stringify({ manifests: [{ ...target, annotations }] })),
    ...blobs,
  ]);
}

test.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
  ["an empty file", () => Buffer.alloc(0), /it is empty/],
  ["text", () => Buffer.from("hello ".repeat(500)), /cause: /],
  ["an archive that is cut off", () => oci.subarray(0, oci.length / 2), /end of data/],
  ["a gzip stream that is cut off", () => gzipSync(oci).subarray(0, 200), /end of file/],
  ["zstd", () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), /run zstd -d first/],
  [
    "a Helm chart's own archive",
    () => tarOf([textFile("app/Chart.yaml", "name: app")]),
    /it is a Helm chart/,
  ],
  ["an archive of something else", () => tarOf([textFile("a", "b")]), /neither an OCI nor a docker archive/],
  ["an image without a name", () => tarOf(docker(null)), /no image in it has a name/],
  ["an image without its layer", () => tarOf(docker(["a:1"]).slice(0, 2)), /l.tar is missing in it/],
  ["a table that is none", () => tarOf([textFile("index.json", "{")]), /cause: /],
])("refused: %s", async (_name, make, message) => {
  const path = archive(await make());
  const error = await readImageNames(path, "amd64").catch((reason: unknown) => reason);
  expect(describeError(error)).toContain(`cannot use "${path}" as an image archive`);
  expect(describeError(error)).toMatch(message);
});
