import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseKernelConfig, readKernelConfig, unpackKernelConfig } from "./config.ts";

const text = `#
# Automatically generated file; DO NOT EDIT.
#
CONFIG_EXT4_FS=y
CONFIG_VETH=m
# CONFIG_BTRFS_FS is not set

CONFIG_HZ=250
CONFIG_MODPROBE_PATH="/sbin/modprobe"
`;

test.each([
  ["what is built in", "EXT4_FS", "y"],
  ["a module", "VETH", "m"],
  ["a number", "HZ", "250"],
  ["a text, without its quotes", "MODPROBE_PATH", "/sbin/modprobe"],
  ["nothing of what is not set", "BTRFS_FS", undefined],
  ["nothing of what it does not name", "XFS_FS", undefined],
])("a configuration tells %s", (_name, option, value) => {
  expect(parseKernelConfig(text, "config").get(option)).toBe(value);
  expect(parseKernelConfig(text.replaceAll("\n", "\r\n"), "config").get(option)).toBe(value);
});

test.each([
  ["an empty file", "", "it sets no option"],
  ["comments alone", "# CONFIG_X is not set\n", "it sets no option"],
  ["another text", "root:x:0:0:root:/root:/bin/bash\n", 'it has the line "root:x:0:0'],
  ["a script with an option in it", "CONFIG_X=y\nmake all\n", 'it has the line "make all"'],
])("%s is no configuration", (_name, other, why) => {
  expect(() => parseKernelConfig(other, "x")).toThrow(`"x" is no kernel configuration: ${why}`);
});

test.each([
  ["plain text", Buffer.from(text)],
  ["gzip, as /proc/config.gz is", gzipSync(text)],
])("reads %s", (_name, bytes) => {
  expect(unpackKernelConfig(bytes, "config")).toBe(text);
});

test.each([
  ["xz", "fd377a585a000004", "it is packed with xz"],
  ["zstd", "28b52ffd0458", "it is packed with zstd"],
  ["half a gzip file", gzipSync(text).subarray(0, 40).toString("hex"), 'cannot unpack "config"'],
])("refuses %s", (_name, hex, message) => {
  expect(() => unpackKernelConfig(Buffer.from(hex, "hex"), "config")).toThrow(message);
});

test.each([
  ["a file that isn't there", "nothing"],
  ["a folder", "."],
])("says that it can't read %s", (_name, path) => {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  try {
    expect(() => readKernelConfig(join(folder, path))).toThrow("cannot read the kernel configuration");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
