import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeError } from "../../lib/errors.ts";
import type { BakedFiles } from "./baked.ts";
import { checkBaked, listManifests } from "./check.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "baked-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

test("manifests of a folder come sorted, and nothing else of it", () => {
  for (const name of ["b.yaml", "a.yml", "c.json", "readme.md"]) file(`sorted/${name}`, good);
  const found = listManifests(join(folder, "sorted"));
  expect(found).toEqual(["a.yml", "b.yaml", "c.json"].map((name) => join(folder, "sorted", name)));
});

test("a good manifest and a good configuration pass", async () => {
  const config = file("good.yaml", "#cloud-config\nhostname: edge-1\n");
  await checkBaked({ images: [], manifests: [file("good/a.yaml", good)], config }, "amd64");
});

test.each<[string, () => Partial<BakedFiles>, RegExp]>([
  [
    "a manifest without a kind",
    () => ({ manifests: [file("m/a.yaml", "a: 1\n")] }),
    /a\.yaml: object 1 has no apiVersion/,
  ],
  [
    "an archive that isn't there",
    () => ({ images: ["/nowhere/a.tar"] }),
    /there is no image archive "\/nowhere\/a.tar"/,
  ],
  ["an archive that is none", () => ({ images: [file("a.tar", "hello")] }), /as an image archive/],
  ["a configuration that isn't there", () => ({ config: "/nowhere/c.yaml" }), /there is no configuration/],
  [
    "a configuration with mistakes",
    () => ({ config: file("bad.yaml", "#cloud-config\nhostname: [1]\n") }),
    /bad\.yaml:2:11: error: hostname/,
  ],
  ["a configuration that is none", () => ({ config: file("none.yaml", "\0\x01") }), /none\.yaml.*error/],
  [
    "a key for SSH that isn't there",
    () => ({ ssh: "/nowhere/id.pub" }),
    /cannot read the key "\/nowhere\/id.pub"/,
  ],
  [
    "a private key for SSH",
    () => ({ ssh: file("id", "-----BEGIN OPENSSH PRIVATE KEY-----\n") }),
    /id" is a private key.*\n.*its public half/s,
  ],
  [
    "keys with a mistake",
    () => ({ updateKeys: file("keys.json", '{"number": 1}') }),
    /keys\.json": keys\.json, threshold/,
  ],
  [
    "keys that aren't there",
    () => ({ updateKeys: "/nowhere/keys.json" }),
    /cannot read "\/nowhere\/keys.json"/,
  ],
  ["two of one name", () => ({ images: ["x/a.tar", "y/a.tar"] }), /"a.tar" is there twice/],
])("refused: %s", async (_name, files, message) => {
  const error = await checkBaked({ images: [], manifests: [], ...files() }, "amd64").catch(
    (reason: unknown) => reason,
  );
  expect(describeError(error)).toMatch(/^error: /);
  expect(describeError(error)).toMatch(message);
});

test.each<[string, () => string, RegExp]>([
  ["a folder that isn't there", () => "/nowhere", /there is no folder "\/nowhere"/],
  ["a folder without any", () => dirname(file("empty/readme.md", "")), /holds no manifest/],
])("refused: %s", (_name, path, message) => {
  expect(() => listManifests(path())).toThrow(message);
});
