// The hybrid ISO: a CD and a disk at once, for BIOS and UEFI, with all that a slot has at its top.
import { mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPartition, SECTOR_BYTES, stableId } from "../../disk/layout.ts";
import { makeSparseFile } from "../../disk/write.ts";
import { readPart } from "../../lib/files.ts";
import type { Tools } from "../../lib/locked-tools.ts";
import { DISK_START, ISO_LABEL } from "../../release/partitions.ts";
import { readContent } from "../../tree/content.ts";
import { hostFile, makeTree, type Tree, textFile } from "../../tree/tree.ts";
import { makeDiskStart } from "../disk-image.ts";
import { makeFat } from "../filesystems.ts";
import { isoEarlyConfig, isoGrubConfig, makeIsoBiosCore, makeIsoEfiProgram } from "../grub/iso.ts";
import { diskLayout } from "./disk.ts";
import type { Output, OutputParts } from "./output.ts";

const BIOS_CORE = "grub/bios.img";
/** Of a MiB, on which partitions begin. */
const PIECE_BYTES = 2 ** 20;
/** FAT's own tables and the folders. */
const FAT_SPARE_BYTES = 128 * 1024;
/** UEFI specification 5.3.3. */
const EFI_PARTITION = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";

export const iso: Output = {
  file: "kubesolo-os.iso",
  what: "a CD or stick for BIOS and UEFI that starts from itself",
  async make(path, parts, tools) {
    const work = `${path}.parts`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    const biosCore = join(work, "bios.img");
    const efiImage = join(work, "efi.img");
    await makeBootPrograms(work, { biosCore, efiImage }, tools);
    const start = join(work, "start.img.zst");
    await makeInstallerStart(start, parts, tools);
    const tree = makeTree([
      ...parts.slot,
      hostFile(DISK_START, start, 0o644),
      textFile("grub/grub.cfg", isoGrubConfig()),
      hostFile(BIOS_CORE, biosCore, 0o644),
    ]);
    const unfinished = `${path}.new`;
    rmSync(unfinished, { force: true });
    const hybridStart = join(tools.root, "usr/lib/grub/i386-pc/boot_hybrid.img");
    const files = hostFilesOf(tree, work);
    await tools.run(xorrisoArgs(unfinished, { efiImage, hybridStart, files, epoch: tools.epoch }));
    renameSync(unfinished, path);
    rmSync(work, { recursive: true });
  },
};

/** All that a disk has before its slots, for the installer; those it makes of the ISO itself. */
async function makeInstallerStart(path: string, { sequence }: OutputParts, tools: Tools): Promise<void> {
  const image = path.replace(/\.zst$/, "");
  await makeDiskStart(image, { layout: diskLayout, sequence }, tools);
  const slots = findPartition(diskLayout, "KSOLOA").startSector * SECTOR_BYTES;
  truncateSync(image, roundUp(lastByteBefore(image, slots) + 1, SECTOR_BYTES));
  await tools.run(["zstd", "--quiet", "-19", "--rm", image, "-o", path]);
}

/** Where the last byte is that isn't zero. How the host's file system keeps holes must not matter. */
function lastByteBefore(image: string, end: number): number {
  for (let at = end - PIECE_BYTES; at >= 0; at -= PIECE_BYTES) {
    const last = readPart(image, at, PIECE_BYTES).findLastIndex((byte) => byte !== 0);
    if (last >= 0) return at + last;
  }
  throw new Error("a disk without a partition table");
}

async function makeBootPrograms(
  work: string,
  { biosCore, efiImage }: { biosCore: string; efiImage: string },
  tools: Tools,
): Promise<void> {
  const earlyConfig = join(work, "early.cfg");
  const efi = join(work, "bootx64.efi");
  writeFileSync(earlyConfig, isoEarlyConfig());
  await makeIsoBiosCore(earlyConfig, biosCore, tools);
  await makeIsoEfiProgram(earlyConfig, efi, tools);
  const sizeBytes = roundUp(statSync(efi).size + FAT_SPARE_BYTES, 32 * 1024);
  makeSparseFile(efiImage, sizeBytes);
  const place = { image: efiImage, offsetBytes: 0, sizeBytes };
  const tree = makeTree([hostFile("EFI/BOOT/BOOTX64.EFI", efi, 0o644)]);
  await makeFat(tree, place, { label: "KSOLOEFI", bits: 12 }, tools);
}

/** Image path → host path of its file. What has only bytes gets a file in `work`. */
function hostFilesOf(tree: Tree, work: string): [string, string][] {
  return [...tree].flatMap(([path, node]) => {
    if (node.type === "symlink") throw new Error(`the ISO has no symlinks: "${path}"`);
    if (node.type === "directory") return [];
    if ("hostPath" in node.content) return [[path, node.content.hostPath] as [string, string]];
    const hostPath = join(work, path.replaceAll("/", "_"));
    writeFileSync(hostPath, readContent(node.content));
    return [[path, hostPath] as [string, string]];
  });
}

interface IsoPlan {
  readonly efiImage: string;
  /** GRUB's boot_hybrid.img: what BIOS starts when the ISO is a disk. */
  readonly hybridStart: string;
  readonly files: readonly (readonly [imagePath: string, hostPath: string])[];
  readonly epoch: number;
}

/** xorriso's command line, as xorrisofs(1) explains it. Pure. */
function xorrisoArgs(output: string, { efiImage, hybridStart, files, epoch }: IsoPlan): string[] {
  const moment = new Date(epoch * 1000).toISOString().replace(/\D/g, "").slice(0, 16);
  return [
    // Nobody's own settings.
    ...["xorriso", "-no_rc", "-as", "mkisofs"],
    ...["-quiet", "-o", output],
    ...["-V", ISO_LABEL],
    // Rock Ridge with root as owner; Joliet is for Windows, whose users may want to copy the files too.
    ...["-r", "-J"],
    ...[`--modification-date=${moment}`, "--set_all_file_dates", moment],
    ...["--gpt_disk_guid", stableId("iso")],
    // As a disk: a first partition that holds the same ISO, and a second one for UEFI.
    ...["-partition_offset", "16"],
    ...["--grub2-mbr", hybridStart],
    ...["-append_partition", "2", EFI_PARTITION, efiImage, "-appended_part_as_gpt"],
    // As a CD: El Torito's two entries.
    ...["-c", "grub/boot.cat"],
    ...["-b", BIOS_CORE, "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info"],
    ...["-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"],
    "-graft-points",
    ...files.map(([imagePath, hostPath]) => `${imagePath}=${escapeGraft(hostPath)}`),
  ];
}

/** "=" and "\" have a meaning in mkisofs's pathspecs. */
function escapeGraft(hostPath: string): string {
  return hostPath.replace(/[\\=]/g, "\\$&");
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}
