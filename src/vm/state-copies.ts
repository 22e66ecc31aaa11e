// Where an image has the copies of the state of the boot.
import { readPart } from "../lib/files.ts";
import { partitionSizesMib, partitionStartMib } from "../release/partitions.ts";

const mib = 2 ** 20;

/** Byte of a disk where its boot partition begins. */
export const bootPartitionStart = partitionStartMib("KSOLOEFI") * mib;

/** Bytes of the boot partition where the copies begin; `diskImage` is a host path. */
export function findStateCopies(diskImage: string): number[] {
  return findStateCopiesIn(readPart(diskImage, bootPartitionStart, partitionSizesMib.KSOLOEFI * mib));
}

/** Bytes of a boot partition's content where the copies of the state of the boot begin. */
export function findStateCopiesIn(partition: Buffer): number[] {
  const sectorBytes = 512;
  const found: number[] = [];
  const head = "# GRUB Environment Block\ngeneration=";
  for (let place = partition.indexOf(head); place >= 0; place = partition.indexOf(head, place + 1))
    if (place % sectorBytes === 0) found.push(place);
  return found;
}
