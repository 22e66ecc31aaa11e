import { expect, test } from "vitest";
import { kernelRelease } from "./kernel-of.ts";

function vmlinuz(version: string, magic = "HdrS"): Buffer {
  const bytes = Buffer.alloc(4096);
  bytes.write(magic, 0x202);
  bytes.writeUInt16LE(0x600, 0x20e);
  bytes.write(version, 0x800);
  return bytes;
}

test.each([
  ["Debian's", vmlinuz("6.12.1+deb13-cloud-amd64 (debian@debian) #1 SMP\0"), "6.12.1+deb13-cloud-amd64"],
  ["one without more words", vmlinuz("6.12.1\0"), "6.12.1"],
  ["no kernel", vmlinuz("6.12.1", "None"), undefined],
  ["one without a version", vmlinuz(""), undefined],
  ["an empty file", Buffer.alloc(0), undefined],
])("the release of %s", (_name, bytes, expected) => {
  expect(kernelRelease(bytes)).toBe(expected);
});
