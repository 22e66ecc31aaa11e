import { expect, test } from "vitest";
import { type ImageKind, kindOf } from "./image-kind.ts";

const END = Buffer.alloc(512);

test.each<[string, string | number[], number, ImageKind]>([
  ["a qcow2", "QFI\xfb", 0, "qcow2"],
  ["a VMDK", "KDMV", 0, "vmdk"],
  ["a VHD that grows", "conectix", 0, "vhd"],
  ["an ISO", "CD001", 0x8001, "iso"],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd], 0, "compressed"],
  ["gzip", [0x1f, 0x8b], 0, "compressed"],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a], 0, "compressed"],
  ["zip", "PK", 0, "compressed"],
  ["a name in the wrong place", "KDMV", 1, "raw"],
  ["nothing", "", 0, "raw"],
])("%s", (_name, mark, at, kind) => {
  const start = Buffer.alloc(0x9000);
  (typeof mark === "string" ? Buffer.from(mark, "latin1") : Buffer.from(mark)).copy(start, at);
  expect(kindOf(start, END)).toBe(kind);
});

test("a VHD of a fixed size is known by its end", () => {
  expect(kindOf(Buffer.alloc(0x9000), Buffer.from("conectix".padEnd(512, "\0")))).toBe("vhd");
});
