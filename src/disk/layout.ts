// The disk: one GPT that BIOS and UEFI both boot. Pure.
import { createHash } from "node:crypto";
import {
  type PartitionName,
  partitionNames,
  partitionSizesMib,
  partitionStartMib,
} from "../release/partitions.ts";

export const SECTOR_BYTES = 512;
const SECTORS_PER_MIB = 2048;

export interface Partition {
  readonly name: PartitionName;
  /** Partition type GUID. */
  readonly type: string;
  /** PARTUUID. */
  readonly id: string;
  readonly startSector: number;
  readonly sectors: number;
}

export interface Layout {
  readonly diskId: string;
  readonly sectors: number;
  /** In the order of their numbers, from 1. */
  readonly partitions: readonly Partition[];
}

// Types: UEFI specification 5.3.3 (ESP), GRUB manual (BIOS boot), Discoverable Partitions (Linux data).
const TYPES: Record<PartitionName, string> = {
  BIOSBOOT: "21686148-6449-6E6F-744E-656564454649",
  KSOLOEFI: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
  KSOLOA: "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
  KSOLOB: "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
  KSOLODATA: "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
};

/** The smallest disk that leaves room for a useful data partition. */
const SMALLEST_DISK_MIB = 2048;

/** Partitions on MiB bounds; the data partition takes the rest but for the last MiB, where GPT keeps its copy. */
export function planLayout(diskMib: number): Layout {
  if (diskMib < SMALLEST_DISK_MIB) throw new Error(`a disk of ${diskMib} MiB is too small`);
  return {
    diskId: stableId("disk"),
    sectors: diskMib * SECTORS_PER_MIB,
    partitions: partitionNames.map((name) => planPartition(name, diskMib)),
  };
}

export function findPartition(layout: Layout, name: PartitionName): Partition {
  const found = layout.partitions.find((partition) => partition.name === name);
  if (found === undefined) throw new Error(`no partition "${name}"`);
  return found;
}

/** What sfdisk(8) reads to write the partition table. */
export function sfdiskScript(layout: Layout): string {
  const lines = layout.partitions.map(
    ({ startSector, sectors, type, id, name }) =>
      `start=${startSector}, size=${sectors}, type=${type}, uuid=${id}, name=${name}`,
  );
  return ["label: gpt", `label-id: ${layout.diskId}`, "unit: sectors", "first-lba: 34", ...lines, ""].join(
    "\n",
  );
}

/** A version 4 UUID that is always the same for the same name: reproducible images need fixed ids. */
export function stableId(name: string): string {
  const hex = createHash("sha256").update(`kubesolo-os ${name}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** The PARTUUID that a partition has in every image. */
export function partitionId(name: PartitionName): string {
  return stableId(`partition ${name}`);
}

function planPartition(name: PartitionName, diskMib: number): Partition {
  const startMib = partitionStartMib(name);
  const sizeMib = name === "KSOLODATA" ? diskMib - startMib - 1 : partitionSizesMib[name];
  return {
    name,
    type: TYPES[name],
    id: partitionId(name),
    startSector: startMib * SECTORS_PER_MIB,
    sectors: sizeMib * SECTORS_PER_MIB,
  };
}
