// The two files that boot: the verified root and the initramfs, each made once for the same tree.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { sha256 } from "../lib/files.ts";
import type { RunTool } from "../lib/locked-tools.ts";
import { buildPath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { makeCpio } from "../tree/cpio.ts";
import type { Tree } from "../tree/tree.ts";
import { appendVerity, COMPRESSION, growSquashfs, makeSquashfs, type Verity } from "./filesystems.ts";
import { digestFactory, makeOnce } from "./once.ts";
import { ENGINE_FOLDER } from "./rootfs.ts";

const VerityRecord = v.object({ dataBlocks: v.number(), rootHash: v.string(), salt: v.string() });

export interface RootImage {
  /** Squashfs with its dm-verity tree; a host path. */
  readonly squashfs: string;
  readonly verity: Verity;
}

/**
 * In two parts, always, and so the same bytes always: the engine, which takes most of the time to compress and is kept
 * for the next build, and then all the rest.
 */
export async function makeRoot(
  tree: Tree,
  folder: string,
  epoch: number,
  runTool: RunTool,
): Promise<RootImage> {
  const squashfs = join(folder, "root.squashfs");
  const engine: Tree = new Map([...tree].filter(([path]) => isEngine(path)));
  const rest: Tree = new Map([...tree].filter(([path]) => !isEngine(path)));
  const digest = sha256(digestFactory() + digestTree(tree));
  const verity = await makeOnce(squashfs, digest, VerityRecord, async () => {
    copyFileSync(await makeEngineSquashfs(engine, epoch, runTool), squashfs);
    await growSquashfs(squashfs, rest, epoch, runTool);
    return appendVerity(squashfs, runTool);
  });
  return { squashfs, verity };
}

/** The same for every profile. Returns its host path. */
async function makeEngineSquashfs(tree: Tree, epoch: number, runTool: RunTool): Promise<string> {
  const squashfs = buildPath("cache/squashfs/engine.squashfs");
  mkdirSync(dirname(squashfs), { recursive: true });
  const digest = sha256(JSON.stringify([COMPRESSION, digestTree(tree)]));
  await makeOnce(squashfs, digest, v.null(), async () => {
    await makeSquashfs(tree, squashfs, epoch, runTool);
    return null;
  });
  return squashfs;
}

function isEngine(path: string): boolean {
  return path === ENGINE_FOLDER || path.startsWith(`${ENGINE_FOLDER}/`);
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
