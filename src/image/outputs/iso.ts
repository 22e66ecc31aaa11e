// The hybrid ISO: a CD and a disk at once, for BIOS and UEFI, with all that a slot has at its top.
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stableId } from "../../disk/layout.ts";
import { makeSparseFile } from "../../disk/write.ts";
import type { Tools } from "../../lib/locked-tools.ts";
import { ISO_LABEL } from "../../release/partitions.ts";
import { readContent } from "../../tree/content.ts";
import { hostFile, makeTree, type Tree, textFile } from "../../tree/tree.ts";
import { makeFat } from "../filesystems.ts";
import { isoEarlyConfig, isoGrubConfig, makeIsoBiosCore, makeIsoEfiProgram } from "../grub/iso.ts";
import type { Output } from "./output.ts";

const BIOS_CORE = "grub/bios.img";
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
    const tree = makeTree([
      ...parts.slot,
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
