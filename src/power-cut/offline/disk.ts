// A disk as a raw file, and its partitions as the tools name them.
import { type PartitionName, partitionStartMib } from "../../release/partitions.ts";

const MIB = 2 ** 20;
const SECTORS_PER_MIB = 2048;

export function partitionStartBytes(name: PartitionName): number {
  return partitionStartMib(name) * MIB;
}

/** How e2fsprogs are told of a file system inside a file. */
export function ext4At(disk: string, name: PartitionName): string {
  return `${disk}?offset=${partitionStartBytes(name)}`;
}

/** How mtools are. */
export function fatAt(disk: string): string {
  return `${disk}@@${partitionStartBytes("KSOLOEFI")}`;
}

/** What of a disk is looked at by itself, and again only when it was written to. */
export const regions = ["table", "KSOLOEFI", "KSOLOA", "KSOLOB", "KSOLODATA"] as const;

export type Region = (typeof regions)[number];

/** The region that a sector lies in; the BIOS' own partition, which nobody writes to, counts as the table. The table's copy at the end as data, too. */
export function regionOf(sector: number): Region {
  const mib = sector / SECTORS_PER_MIB;
  const partitions = ["KSOLOEFI", "KSOLOA", "KSOLOB", "KSOLODATA"] as const;
  return partitions.findLast((name) => mib >= partitionStartMib(name)) ?? "table";
}
