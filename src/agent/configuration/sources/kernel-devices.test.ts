import { expect, test } from "vitest";
import { knownDevices, parseUevent, planProbe } from "./kernel-devices.ts";

const machine = (...lines: readonly string[]) =>
  lines.map((line) => {
    const [name, partitionName] = line.split(" ");
    return { path: `/dev/${name}`, partitionName };
  });
const own = machine("vda", "vda1 BIOSBOOT", "vda2 KSOLOEFI", "vda3 KSOLOA", "vda4 KSOLOB", "vda5 KSOLODATA");

test.each([
  [
    "a partition",
    "MAJOR=254\nMINOR=2\nDEVNAME=vda2\nDEVTYPE=partition\nPARTN=2\nPARTNAME=KSOLOEFI\n",
    "KSOLOEFI",
  ],
  ["one without a name", "DEVNAME=vda2\nDEVTYPE=partition\nPARTN=2\n", undefined],
])("%s", (_name, text, partitionName) => {
  expect(parseUevent(text)).toEqual({ path: "/dev/vda2", partitionName });
});

test("what is none", () => {
  expect(parseUevent("")).toBeUndefined();
});

test.each([
  ["nothing of our own disk", own, "vda", []],
  [
    "what somebody added to it",
    machine("vda", "vda2 KSOLOEFI", "vda6 MINE", "vda7"),
    "vda",
    ["/dev/vda6", "/dev/vda7"],
  ],
  [
    "other disks, whole and in parts",
    [...own, ...machine("sda", "sda1 KSOLODATA", "sr0")],
    "vda",
    ["/dev/sda", "/dev/sda1", "/dev/sr0"],
  ],
  ["nothing that is virtual", machine("loop0", "ram1", "zram0", "dm-0", "nvme0n1"), "", ["/dev/nvme0n1"]],
  [
    "the CD that the system runs from, which is all of it an ISO",
    machine("sr0", "sda"),
    "sr0",
    ["/dev/sr0", "/dev/sda"],
  ],
  [
    "a disk whose name begins alike",
    machine("sda", "sda2 KSOLOEFI", "sdaa", "sdaa1 KSOLOEFI"),
    "sda",
    ["/dev/sdaa", "/dev/sdaa1"],
  ],
  ["all, when no disk is ours", own, "", own.map(({ path }) => path)],
])("blkid looks into %s", (_name, devices, bootDisk, paths) => {
  expect(planProbe(devices, bootDisk)).toEqual(paths);
});

test("only the boot disk's boot partition is known", () => {
  const devices = [...machine("sda2 KSOLOEFI"), ...own];
  expect(knownDevices(devices, "vda").map(({ path }) => path)).toEqual(["/dev/vda2"]);
  expect(knownDevices(devices, "")).toEqual([]);
});
