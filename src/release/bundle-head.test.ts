import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundleOffsets, readBundleHead } from "./bundle-head.ts";
import { slotFiles } from "./release-manifest.ts";

const folder = mkdtempSync(join(tmpdir(), "bundle-head-"));
afterAll(() => rmSync(folder, { recursive: true }));

const contents: Readonly<Record<string, string>> = {
  "release.json": `{"notes":"${"n".repeat(700)}"}\n`,
  "release.json.minisig": "untrusted comment: x\n",
  vmlinuz: "K".repeat(513),
  "initramfs.img": "I".repeat(512),
  "boot.cfg": "B",
  "root.squashfs": "R".repeat(2000),
};

/** Made by another tar than ours. */
function tar(names: readonly string[]): Uint8Array {
  for (const name of names) writeFileSync(join(folder, name), contents[name] ?? "");
  execFileSync("tar", ["--format=ustar", "-C", folder, "-cf", join(folder, "a.tar"), ...names]);
  return new Uint8Array(readFileSync(join(folder, "a.tar")));
}

const all = Object.keys(contents);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test("a bundle's beginning tells where its files are", () => {
  const bytes = tar(all);
  const head = readBundleHead(bytes);
  if ("refusal" in head) throw new Error(head.refusal);
  expect(text(head.manifest)).toBe(contents["release.json"]);
  expect(text(head.signature)).toBe(contents["release.json.minisig"]);
  const files = slotFiles.map((name) => ({ name, size: contents[name]?.length ?? 0, sha256: "" }));
  for (const [name, offset] of bundleOffsets({ files }, head.endBytes))
    expect(text(bytes.slice(offset, offset + (contents[name]?.length ?? 0)))).toBe(contents[name]);
});

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "it is no bundle: no release.json where it must be"],
  ["a page", Buffer.from("<html>".repeat(2000)), "it is no bundle: no release.json where it must be"],
  ["another order", tar([...all].reverse()), "it is no bundle: no release.json where it must be"],
  ["no signature", tar(all.filter((name) => name !== "release.json.minisig")), "it isn't signed"],
  [
    "something else second",
    tar(["release.json", "boot.cfg"]),
    "it is no bundle: no release.json.minisig where it must be",
  ],
  ["its end too early", tar(all).slice(0, 1000), "it ends within release.json"],
  ["a size that is none", withSize("-0000000001"), "it is no bundle: no release.json where it must be"],
  [
    "a manifest beyond all bounds",
    largeManifest(),
    "it is no bundle: release.json has more than 65536 bytes",
  ],
])("%s is refused", (_name, bytes, refusal) => {
  expect(readBundleHead(bytes)).toEqual({ refusal });
});

function withSize(size: string): Uint8Array {
  const bytes = tar(all);
  bytes.set(Buffer.from(size), 124);
  return bytes;
}

function largeManifest(): Uint8Array {
  writeFileSync(join(folder, "release.json"), "x".repeat(65_537));
  execFileSync("tar", ["--format=ustar", "-C", folder, "-cf", join(folder, "b.tar"), "release.json"]);
  return new Uint8Array(readFileSync(join(folder, "b.tar")));
}
