import { expect, test } from "vitest";
import { describeDevice, parseDevice } from "./device.ts";
import { findProblems } from "./problems.ts";

const GIB = 2 ** 30;
const needs = { sizeBytes: 4 * GIB, sectorBytes: 512 };

interface Row {
  readonly [column: string]: unknown;
  readonly children?: readonly Row[];
}

/** A row as lsblk prints it. */
function row(changes: Row): Row {
  return {
    ...{ path: "/dev/sdb", type: "disk", size: 32 * GIB, "log-sec": 512, model: "Ultra ", serial: "4C53" },
    ...{ tran: "usb", ro: false, rm: true, hotplug: true, mountpoints: [null], fstype: null, label: null },
    ...{ partlabel: null, pkname: null },
    ...changes,
  };
}
const part = (changes: Row = {}) =>
  row({ path: "/dev/sdb1", type: "part", pkname: "sdb", model: null, serial: null, tran: null, ...changes });
const internal = { rm: false, hotplug: false, tran: "nvme" };

function device(changes: Row) {
  const parsed = parseDevice(JSON.stringify({ blockdevices: [row(changes)] }));
  if (parsed === undefined) throw new Error("no device");
  return parsed;
}
const problems = (changes: Row, isForced = false) =>
  findProblems(device(changes), needs, isForced).map(({ message, hint }) => `${message}: ${hint}`);

test.each([
  ["a stick", {}, false],
  ["a stick with partitions that nobody uses", { children: [part({ fstype: "vfat" })] }, false],
  ["a card in a slot that isn't removable itself", { rm: false }, false],
  ["an internal disk, forced", internal, true],
  ["a loop device, forced", { ...internal, type: "loop" }, true],
  ["one of exactly the image's size", { size: 4 * GIB }, false],
  ["numbers and flags as texts, as older versions print them", { size: String(8 * GIB), ro: "0" }, false],
])("takes %s", (_name, changes, isForced) => {
  expect(problems(changes, isForced)).toEqual([]);
});

test.each<[string, Row, string | RegExp]>([
  [
    "a partition",
    { path: "/dev/sdb1", type: "part", pkname: "sdb" },
    /is a partition: name the whole disk: \/dev\/sdb$/,
  ],
  ["a volume of LUKS", { path: "/dev/mapper/x", type: "crypt" }, /is no disk, but crypt/],
  ["a CD", { path: "/dev/sr0", type: "rom" }, /is no disk, but rom/],
  ["an empty card reader", { size: 0 }, /there is no medium/],
  ["a mounted stick", { mountpoints: ["/mnt"] }, /"\/dev\/sdb" is mounted at "\/mnt": umount \/dev\/sdb/],
  [
    "a mounted partition",
    { children: [part({ mountpoints: ["/media/photos"] })] },
    /sdb1" is mounted at "\/media\/photos": umount \/dev\/sdb1/,
  ],
  ["swap", { children: [part({ mountpoints: ["[SWAP]"] })] }, /sdb1" is in use as swap: swapoff \/dev\/sdb1/],
  [
    "one with a volume of LVM on it, mounted or not",
    { children: [part({ children: [row({ path: "/dev/mapper/vg-root", type: "lvm" })] })] },
    /in use: lvm volume "\/dev\/mapper\/vg-root"/,
  ],
  ["a part of a RAID", { children: [row({ path: "/dev/md0", type: "raid1" })] }, /raid1 volume/],
  ["one that is read-only", { ro: true }, /can't be written to/],
  ["one that is too small", { size: 2 * GIB }, /too small: it has 2 GiB, the image 4 GiB/],
  ["one by a sector", { size: 4 * GIB - 512 }, /too small/],
  ["one with large sectors", { "log-sec": 4096 }, /sectors of 4096 bytes/],
  ["an internal disk", internal, /isn't removable: .*: --force/],
])("refuses %s", (_name, changes, expected) => {
  expect(problems(changes)).toEqual([expect.stringMatching(expected)]);
});

test("nothing but an internal disk is taken by force, and all that is wrong is told at once", () => {
  const mounted = { ...internal, ro: true, size: GIB, children: [part({ mountpoints: ["/", "/home"] })] };
  expect(problems(mounted, true)).toHaveLength(4);
  expect(problems(mounted)).toHaveLength(5);
});

test("an image without a table of its own doesn't mind large sectors", () => {
  expect(findProblems(device({ "log-sec": 4096 }), { sizeBytes: GIB }, false)).toEqual([]);
});

test("a person sees what is on it", () => {
  const children = [
    part({ size: 8 * GIB, fstype: "vfat", label: "PHOTOS" }),
    part({ path: "/dev/sdb2", size: 512 * 2 ** 20, partlabel: "KSOLOA" }),
    part({ path: "/dev/sdb3", size: 23.5 * GIB }),
  ];
  expect(describeDevice(device({ children })).split("\n")).toEqual([
    "/dev/sdb  Ultra, 4C53, usb, 32 GiB",
    '  /dev/sdb1  8 GiB  vfat "PHOTOS"',
    '  /dev/sdb2  512 MiB  "KSOLOA"',
    "  /dev/sdb3  23.5 GiB  nothing known",
  ]);
  expect(describeDevice(device({}))).toContain("no partitions, no file system");
});
