import { expect, test } from "vitest";
import { sha256 } from "../lib/files.ts";
import { parseReleaseManifest } from "../release/release-manifest.ts";
import { planSlot } from "./slot.ts";

const part = (hostPath: string, size: number, digit: string) => ({
  hostPath,
  size,
  sha256: digit.repeat(64),
});
const { tree } = planSlot({
  vmlinuz: part("/k/vmlinuz", 1, "a"),
  initramfs: part("/i", 2, "b"),
  squashfs: part("/r", 3, "c"),
  release: { version: "1.2.3", verity: { dataBlocks: 4, rootHash: "d".repeat(64), salt: "ee" } },
  facts: {
    sequence: 7,
    architecture: "amd64",
    profile: "vm",
    kubernetes: "v1.37.2",
    min_compatible_version: "1.0.0",
  },
});

test("a slot has what boots, and what its release says of it", () => {
  const bootConfig = `set release_args="kubesolo.version=1.2.3 kubesolo.verity=4:${"d".repeat(64)}:ee"\n`;
  expect(textOf("boot.cfg")).toBe(bootConfig);
  expect(parseReleaseManifest(textOf("release.json"))).toEqual({
    product: "kubesolo-os",
    version: "1.2.3",
    sequence: 7,
    architecture: "amd64",
    profile: "vm",
    layout: 1,
    kubernetes: "v1.37.2",
    min_compatible_version: "1.0.0",
    root_hash: "d".repeat(64),
    files: [
      { name: "vmlinuz", size: 1, sha256: "a".repeat(64) },
      { name: "initramfs.img", size: 2, sha256: "b".repeat(64) },
      { name: "boot.cfg", size: bootConfig.length, sha256: sha256(bootConfig) },
      { name: "root.squashfs", size: 3, sha256: "c".repeat(64) },
    ],
    notes: "",
  });
  expect(textOf("sha256sums")).toBe(
    `${"a".repeat(64)}  vmlinuz\n${"b".repeat(64)}  initramfs.img\n${sha256(bootConfig)}  boot.cfg\n`,
  );
  expect([...tree.keys()].sort()).toEqual(
    ["boot.cfg", "initramfs.img", "release.json", "root.squashfs", "sha256sums", "vmlinuz"].sort(),
  );
});

function textOf(path: string): string {
  const node = tree.get(path);
  if (node?.type !== "file" || !("bytes" in node.content)) throw new Error(`no text in "${path}"`);
  return Buffer.from(node.content.bytes).toString();
}
