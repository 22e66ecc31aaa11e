// The raw disk image: boot partition, two slots and an empty data partition in one GPT.
import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { planBiosBoot } from "../disk/bios-boot.ts";
import { findPartition, type Layout, type Partition, SECTOR_BYTES, sfdiskScript } from "../disk/layout.ts";
import { makeSparseFile, writePiece } from "../disk/write.ts";
import { readPart } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import type { PartitionName } from "../release/partitions.ts";
import { makeTree, type Tree } from "../tree/tree.ts";
import { makeExt4, makeFat, type Place } from "./filesystems.ts";
import { bootPartitionFiles } from "./grub/config.ts";
import { makeBiosCore, makeEfiProgram } from "./grub/programs.ts";

interface DiskImageOptions {
  readonly layout: Layout;
  /** The files of both slots. */
  readonly slot: Tree;
  /** Of the release. */
  readonly sequence: number;
}

/** Writes the disk image to `output`: every file system straight to its place, so nothing is copied twice. */
export async function makeDiskImage(
  output: string,
  { layout, slot, sequence }: DiskImageOptions,
  tools: Tools,
): Promise<void> {
  const image = `${output}.new`;
  await makeDiskStart(image, { layout, sequence }, tools);
  const place = (name: PartitionName) => placeOf(image, findPartition(layout, name));
  const slotOf = (label: "KSOLOA" | "KSOLOB") =>
    makeExt4(slot, place(label), { label, journal: false }, tools);
  await Promise.all([
    slotOf("KSOLOA"),
    slotOf("KSOLOB"),
    makeExt4(makeTree([]), place("KSOLODATA"), { label: "KSOLODATA", journal: true }, tools),
  ]);
  renameSync(image, output);
}

/** A disk with all that firmware starts, and partitions that hold nothing yet; a sparse file. */
export async function makeDiskStart(
  image: string,
  { layout, sequence }: Omit<DiskImageOptions, "slot">,
  tools: Tools,
): Promise<void> {
  const efi = `${image}.bootx64.efi`;
  await makeEfiProgram(efi, tools);
  makeSparseFile(image, layout.sectors * SECTOR_BYTES);
  await tools.run(["sfdisk", "--quiet", image], { input: sfdiskScript(layout) });
  const boot = placeOf(image, findPartition(layout, "KSOLOEFI"));
  await makeFat(makeTree(bootPartitionFiles(efi, sequence)), boot, { label: "KSOLOEFI", bits: 32 }, tools);
  rmSync(efi);
  await installBiosBoot(image, findPartition(layout, "BIOSBOOT"), tools);
}

function placeOf(image: string, { startSector, sectors }: Partition): Place {
  return { image, offsetBytes: startSector * SECTOR_BYTES, sizeBytes: sectors * SECTOR_BYTES };
}

/** Writes the boot sector and GRUB's core for BIOS into an image that has its partition table already. */
async function installBiosBoot(image: string, partition: Partition, tools: Tools): Promise<void> {
  const coreFile = `${image}.core`;
  await makeBiosCore(coreFile, tools);
  const { bootSector, core } = planBiosBoot(
    readPart(image, 0, SECTOR_BYTES),
    readFileSync(join(tools.root, "usr/lib/grub/i386-pc/boot.img")),
    readFileSync(coreFile),
    partition.startSector,
    partition.sectors,
  );
  rmSync(coreFile);
  writePiece(image, 0, bootSector);
  writePiece(image, partition.startSector * SECTOR_BYTES, core);
}
