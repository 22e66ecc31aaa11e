import { expect, test } from "vitest";
import { stampVhd, stampVmdk } from "./stamps.ts";

const id = "0123456789abcdef".repeat(4);

function descriptor(cid: string): Buffer {
  return Buffer.from(`# Disk DescriptorFile\nversion=1\n${cid}\nparentCID=ffffffff\n`.padEnd(1024, "\0"));
}

test.each(["CID=befd35c2", "CID=1", "CID=0fd35c2"])(
  "a VMDK's %s becomes the content's, and nothing else",
  (cid) => {
    const stamped = stampVmdk(descriptor(cid), id);
    expect(stamped.equals(descriptor("CID=01234567"))).toBe(true);
  },
);

test("what has no content id is no VMDK of ours", () => {
  expect(() => stampVmdk(descriptor("parent"), id)).toThrow("without a CID");
});

test("a VHD's footer has a time and an id that are always the same, and its checksum", () => {
  const footer = (random: number) => {
    const bytes = Buffer.alloc(512);
    bytes.write("conectix");
    bytes.fill(random, 24, 28);
    bytes.fill(random, 64, 84);
    bytes.fill(7, 40, 48);
    return bytes;
  };
  const stamped = stampVhd(footer(1), id, 1_790_000_000);
  expect(stampVhd(footer(2), id, 1_790_000_000).equals(stamped)).toBe(true);
  expect(stamped.readUInt32BE(24)).toBe(1_790_000_000 - 946_684_800);
  expect(stamped.toString("hex", 68, 84)).toBe(id.slice(0, 32));
  const others = Buffer.from(stamped).fill(0, 64, 68);
  expect(~stamped.readUInt32BE(64) >>> 0).toBe(others.reduce((sum, byte) => sum + byte, 0));
});

test("what has no footer is no VHD", () => {
  expect(() => stampVhd(Buffer.alloc(512), id, 0)).toThrow("without a footer");
});
