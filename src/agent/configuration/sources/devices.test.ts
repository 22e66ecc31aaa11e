import { expect, test } from "vitest";
import { bootVolume, matchingDevice, noCloudVolumes, parseDevices } from "./devices.ts";

const printed = `DEVNAME=/dev/vda2
LABEL=KSOLOEFI
TYPE=vfat
PARTLABEL=KSOLOEFI

DEVNAME=/dev/sr0
LABEL=cidata
TYPE=iso9660

DEVNAME=/dev/sdb1
LABEL=MY\\ STICK
TYPE=vfat

DEVNAME=/dev/sda
LABEL=CIDATA
TYPE=vfat

DEVNAME=/dev/sdc2
PARTLABEL=KSOLOEFI
TYPE=vfat

DEVNAME=/dev/sdd
LABEL=KSOLOISO
TYPE=iso9660

DEVNAME=/dev/sdd1
LABEL=KSOLOISO
TYPE=iso9660

DEVNAME=/dev/sr1
LABEL=KSOLOISO
TYPE=iso9660
`;
const devices = parseDevices(printed);

test("every device with its values", () => {
  expect(devices).toHaveLength(8);
  expect(devices[2]).toEqual({ path: "/dev/sdb1", values: { LABEL: "MY STICK", TYPE: "vfat" } });
});

test.each([
  ["nothing", ""],
  ["a block without a device", "LABEL=CIDATA\nTYPE=vfat\n"],
  ["what are no pairs", "blkid: no luck\n"],
])("%s has no devices", (_name, text) => {
  expect(parseDevices(text)).toEqual([]);
});

test("NoCloud's label in capitals or not, in the order of the devices", () => {
  expect(noCloudVolumes(devices).map(({ path }) => path)).toEqual(["/dev/sda", "/dev/sr0"]);
});

test.each([
  ["the boot disk's own partition", "vda", "/dev/vda2"],
  ["another disk's isn't asked", "vdb", undefined],
  ["nor that of a disk whose name begins alike", "vd", undefined],
  ["an ISO that is a stick", "sdd", "/dev/sdd"],
  ["an ISO that is a CD", "sr1", "/dev/sr1"],
  ["a CD of others", "sr0", undefined],
  ["a system that came over the network has none", "", undefined],
])("%s", (_name, disk, path) => {
  expect(bootVolume(devices, disk)?.path).toBe(path);
});

test.each([
  ["by its label", "LABEL=MY STICK", "/dev/sdb1"],
  ["by its path", "/dev/sr0", "/dev/sr0"],
  ["not by half of a label", "LABEL=MY", undefined],
  ["not by a path that is missing", "/dev/sr9", undefined],
])("a device is found %s", (_name, spec, path) => {
  expect(matchingDevice(devices, spec)?.path).toBe(path);
});
