// A disk image with our partition table and an empty boot partition: what commands that take images know one by.
import { findPartition, planLayout, SECTOR_BYTES, sfdiskScript } from "../../src/disk/layout.ts";
import { makeSparseFile } from "../../src/disk/write.ts";
import { makeFat } from "../../src/image/filesystems.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { makeTree } from "../../src/tree/tree.ts";

const layout = planLayout(2048);
const { startSector, sectors } = findPartition(layout, "KSOLOEFI");

export const smallDiskBytes = layout.sectors * SECTOR_BYTES;
export const bootPartition = {
  offsetBytes: startSector * SECTOR_BYTES,
  sizeBytes: sectors * SECTOR_BYTES,
};

/** Writes it to the host path `image`. */
export async function makeSmallDisk(image: string, tools: Tools): Promise<void> {
  makeSparseFile(image, smallDiskBytes);
  await tools.run(["sfdisk", "--quiet", image], { input: sfdiskScript(layout) });
  await makeFat(makeTree([]), { image, ...bootPartition }, { label: "KSOLOEFI", bits: 32 }, tools);
}
