// What the kernel itself tells of block devices, in /sys/class/block/NAME/uevent: it leaves few to be looked into, which
// takes longest of all in finding a configuration. Pure.
import { type PartitionName, partitionNames } from "../../../release/partitions.ts";
import { type Device, isPartitionOf } from "./devices.ts";

export interface KernelDevice {
  /** "/dev/vda2" */
  readonly path: string;
  /** The GPT's, of a partition that has one. */
  readonly partitionName: string | undefined;
}

export function parseUevent(text: string): KernelDevice | undefined {
  const find = (key: string) => new RegExp(`^${key}=(.+)$`, "m").exec(text)?.[1];
  const name = find("DEVNAME");
  return name === undefined ? undefined : { path: `/dev/${name}`, partitionName: find("PARTNAME") };
}

/** Made of memory, of files, or of other devices that are looked into themselves. */
const VIRTUAL = /^\/dev\/(?:loop|ram|zram|dm-)\d/;
/** All that the factory makes on a disk. */
const OURS: readonly string[] = partitionNames;
const BOOT_PARTITION: PartitionName = "KSOLOEFI";

/**
 * Paths of the devices that may hold a configuration, as far as the kernel knows; not of the disk that the system runs from. An ISO
 * is one file system over all of its medium.
 */
export function planProbe(devices: readonly KernelDevice[], bootDisk: string): string[] {
  const isDisk = knownDevices(devices, bootDisk).length > 0;
  const isOurs = ({ path, partitionName = "" }: KernelDevice) =>
    (isDisk && path === `/dev/${bootDisk}`) ||
    (isPartitionOf(bootDisk, path) && OURS.includes(partitionName));
  return devices.filter((each) => !VIRTUAL.test(each.path) && !isOurs(each)).map(({ path }) => path);
}

/** The boot partition, which the factory made: nobody need look what is on it. */
export function knownDevices(devices: readonly KernelDevice[], bootDisk: string): Device[] {
  return devices
    .filter(({ path, partitionName }) => partitionName === BOOT_PARTITION && isPartitionOf(bootDisk, path))
    .map(({ path }) => ({ path, values: { PARTLABEL: BOOT_PARTITION, TYPE: "vfat" } }));
}
