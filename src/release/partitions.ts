// The partitions of a disk: their names, numbers and sizes, for those who make a disk and those who find one. Pure.

/** In the order of their numbers, from 1. */
export const partitionNames = ["BIOSBOOT", "KSOLOEFI", "KSOLOA", "KSOLOB", "KSOLODATA"] as const;

export type PartitionName = (typeof partitionNames)[number];

/** The data partition takes what the others leave. */
export const partitionSizesMib: Readonly<Record<Exclude<PartitionName, "KSOLODATA">, number>> = {
  BIOSBOOT: 1,
  KSOLOEFI: 256,
  KSOLOA: 512,
  KSOLOB: 512,
};

/** What a disk image has; a larger disk's data partition grows at its first boot. */
export const DISK_MIB = 4096;

/** What ext4 takes for itself of a slot: tables of inodes and blocks, and some to spare. */
export const SLOT_FILE_SYSTEM_SHARE = 0.03;

/** The data partition's name while the device makes its file system: a power cut leaves nothing worth keeping then. */
export const UNFINISHED_DATA = "KSOLONEW";

/** An ISO's one volume, in the place of a disk's partitions. */
export const ISO_LABEL = "KSOLOISO";

/** On the ISO, for the installer: a disk's first bytes, from its first sector to the end of what the boot partition holds. */
export const DISK_START = "install/start.img.zst";

/** Room for the partition table; all begin on a MiB. */
const FIRST_MIB = 1;

/** As the kernel and GRUB count them. */
export function partitionNumber(name: PartitionName): number {
  return partitionNames.indexOf(name) + 1;
}

export function partitionStartMib(name: PartitionName): number {
  const before = partitionNames.slice(0, partitionNames.indexOf(name));
  return before.reduce((sum, each) => sum + (each === "KSOLODATA" ? 0 : partitionSizesMib[each]), FIRST_MIB);
}
