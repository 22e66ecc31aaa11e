// Trees to file systems, by the locked tools. Every result is the same for the same tree.
import { rmSync, statSync, truncateSync } from "node:fs";
import { SECTOR_BYTES, stableId } from "../disk/layout.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { readContent } from "../tree/content.ts";
import { writeFolder } from "../tree/folder.ts";
import { writeTar } from "../tree/tar.ts";
import type { Tree } from "../tree/tree.ts";

const BLOCK_BYTES = 4096;

/** Of a squashfs, for mksquashfs. Level 9 takes a sixth of the time, and five megabytes more. */
export const COMPRESSION = ["-comp", "zstd", "-Xcompression-level", "15", "-b", "128K"];
const SQUASHFS_OPTIONS = ["-all-root", "-root-mode", "0755", "-quiet", "-no-progress"];

/** Writes `tree` as a squashfs (zstd) whose length is a multiple of dm-verity's block size. */
export async function makeSquashfs(tree: Tree, output: string, tools: Tools): Promise<void> {
  const archive = `${output}.tar`;
  await writeTar(tree, archive, tools.epoch);
  rmSync(output, { force: true });
  const args = ["-", output, "-tar", ...COMPRESSION, ...SQUASHFS_OPTIONS];
  await tools.run(["mksquashfs", ...args], { inputFile: archive });
  rmSync(archive);
  fillLastBlock(output);
}

/**
 * Adds `tree` to a squashfs, compressed like what it has; at the top neither may have a name of the other's. What comes
 * out depends on the two alone.
 */
export async function growSquashfs(squashfs: string, tree: Tree, tools: Tools): Promise<void> {
  // It appends from folders only.
  const folder = `${squashfs}.new`;
  rmSync(folder, { recursive: true, force: true });
  writeFolder(tree, folder, tools.epoch);
  // Without -no-recovery it leaves a file in the home folder meanwhile.
  await tools.run(["mksquashfs", folder, squashfs, "-no-recovery", ...SQUASHFS_OPTIONS]);
  rmSync(folder, { recursive: true });
  fillLastBlock(squashfs);
}

function fillLastBlock(image: string): void {
  truncateSync(image, Math.ceil(statSync(image).size / BLOCK_BYTES) * BLOCK_BYTES);
}

export interface Verity {
  readonly dataBlocks: number;
  readonly rootHash: string;
  readonly salt: string;
}

/** Appends dm-verity's superblock and hash tree to `image`; the tree starts one block after the data. */
export async function appendVerity(image: string, tools: Tools): Promise<Verity> {
  const dataBytes = statSync(image).size;
  const salt = "00".repeat(32);
  const output = await tools.run([
    "veritysetup",
    "format",
    `--salt=${salt}`,
    `--uuid=${stableId("verity")}`,
    `--hash-offset=${dataBytes}`,
    `--data-blocks=${dataBytes / BLOCK_BYTES}`,
    image,
    image,
  ]);
  const rootHash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(output)?.[1];
  if (rootHash === undefined) throw new Error(`veritysetup printed no root hash:\n${output}`);
  return { dataBlocks: dataBytes / BLOCK_BYTES, rootHash, salt };
}

/** Where in a disk image a file system goes. */
export interface Place {
  readonly image: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

interface Ext4Options {
  readonly label: string;
  /** Without a journal for what is only ever mounted read-only: GRUB doesn't replay one. */
  readonly journal: boolean;
}

/** Writes `tree` as an ext4 file system; the image must hold zeros there. */
export async function makeExt4(
  tree: Tree,
  { image, offsetBytes, sizeBytes }: Place,
  { label, journal }: Ext4Options,
  tools: Tools,
): Promise<void> {
  // Others may write to other places of the image meanwhile.
  const archive = `${image}.${label}.tar`;
  await writeTar(tree, archive, tools.epoch);
  const extended = {
    offset: offsetBytes,
    hash_seed: stableId(`hash ${label}`),
    assume_storage_prezeroed: 1,
    root_owner: "0:0",
  };
  await tools.run([
    "mke2fs",
    ...["-q", "-F"],
    ...["-t", "ext4"],
    ...["-L", label],
    ...["-U", stableId(`ext4 ${label}`)],
    ...[
      "-E",
      Object.entries(extended)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    ],
    ...(journal ? [] : ["-O", "^has_journal"]),
    ...["-d", archive],
    image,
    `${sizeBytes / 1024}K`,
  ]);
  rmSync(archive);
}

/**
 * Small enough: a FAT32 of 256 MiB with fewer than 65,525 clusters would be a FAT16 to UEFI. Large enough: two files in two folders,
 * as the copies of the boot's state are, lie in different sectors of 4,096 bytes, of which a disk rewrites a whole one.
 */
const FAT32_CLUSTER_SECTORS = 4;

interface FatOptions {
  readonly label: string;
  /** FAT12 for what is small, FAT32 for a partition of 129 MiB or more. */
  readonly bits: 12 | 32;
}

/** Writes `tree` as FAT; the image must hold zeros there. */
export async function makeFat(
  tree: Tree,
  { image, offsetBytes, sizeBytes }: Place,
  { label, bits }: FatOptions,
  tools: Tools,
): Promise<void> {
  const offset = `--offset=${offsetBytes / SECTOR_BYTES}`;
  const clusters = bits === 32 ? ["-s", String(FAT32_CLUSTER_SECTORS)] : [];
  const about = ["-F", String(bits), ...clusters, "-n", label, "-i", "4B534F4C"];
  await tools.run(["mkfs.vfat", "--invariant", ...about, offset, image, String(sizeBytes / 1024)]);
  const place = ["-i", `${image}@@${offsetBytes}`];
  for (const [path, node] of tree) {
    if (node.type === "symlink") throw new Error(`FAT has no symlinks: "${path}"`);
    if (node.type === "directory") await tools.run(["mmd", ...place, `::/${path}`]);
    if (node.type === "file")
      await tools.run(["mcopy", ...place, "-", `::/${path}`], { input: readContent(node.content) });
  }
}
