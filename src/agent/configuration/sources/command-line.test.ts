import { expect, test } from "vitest";
import { parseCommandLineSource as parse } from "./command-line.ts";

test.each([
  [
    "a file of a labelled volume",
    "LABEL=STICK:/node.yaml",
    { from: "device", device: "LABEL=STICK", path: "/node.yaml" },
  ],
  ["a file of a device", "/dev/sdb1:/a/b.yaml", { from: "device", device: "/dev/sdb1", path: "/a/b.yaml" }],
  [
    "a volume alone: NoCloud's name",
    "UUID=1234-ABCD",
    { from: "device", device: "UUID=1234-ABCD", path: "/user-data" },
  ],
  [
    "an address",
    "https://boot.example/node.yaml",
    { from: "address", url: "https://boot.example/node.yaml" },
  ],
  ["the text itself", "data:I2Nsb3Vk", { from: "word", base64: "I2Nsb3Vk" }],
])("takes %s", (_name, value, expected) => {
  expect(parse(value)).toEqual(expected);
});

test.each([
  ["cloud-init's own word", "ds=nocloud;s=/dev/sdb1/", "written for another program"],
  ["NoCloud's address", "nocloud-net;s=http://x/", "written for another program"],
  ["another scheme", "ftp://boot.example/x", "is none of"],
  ["a path without a device", "/node.yaml", "is none of"],
  ["a path that leaves its volume", "LABEL=X:/../etc/passwd", "no absolute path"],
  ["a folder", "LABEL=X:/folder/", "no absolute path"],
  ["a relative path", "LABEL=X:node.yaml", "no absolute path"],
  ["an address without a host", "http:///node.yaml", "is none of"],
])("refuses %s", (_name, value, reason) => {
  expect(parse(value)).toMatchObject({ from: "nowhere", reason: expect.stringContaining(reason) });
});
