// The two files that boot: the verified root and the initramfs, each made once for the same tree.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { digestTree } from "../tree/content.ts";
import { makeCpio } from "../tree/cpio.ts";
import type { Tree } from "../tree/tree.ts";
import { appendVerity, makeSquashfs, type Verity } from "./filesystems.ts";
import { makeOnce } from "./once.ts";
import type { RunTool } from "./tools.ts";

const VerityRecord = v.object({ dataBlocks: v.number(), rootHash: v.string(), salt: v.string() });

export interface RootImage {
  /** Squashfs with its dm-verity tree; a host path. */
  readonly squashfs: string;
  readonly verity: Verity;
}

export async function makeRoot(
  tree: Tree,
  folder: string,
  epoch: number,
  runTool: RunTool,
): Promise<RootImage> {
  const squashfs = join(folder, "root.squashfs");
  const verity = await makeOnce(squashfs, digestTree(tree), VerityRecord, async () => {
    await makeSquashfs(tree, squashfs, epoch, runTool);
    return appendVerity(squashfs, runTool);
  });
  return { squashfs, verity };
}

/** Returns its host path. */
export async function makeInitramfs(
  tree: Tree,
  folder: string,
  epoch: number,
  runTool: RunTool,
): Promise<string> {
  const archive = join(folder, "initramfs.cpio");
  const compressed = join(folder, "initramfs.img");
  await makeOnce(compressed, digestTree(tree), v.null(), async () => {
    writeFileSync(archive, makeCpio(tree, epoch));
    await runTool(["zstd", "-q", "-f", "-15", archive, "-o", compressed]);
    return null;
  });
  return compressed;
}
