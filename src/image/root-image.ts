// The two files that boot: the verified root and the initramfs, each made once for the same tree.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { replaceFile, sha256 } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { buildPath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { makeCpio, padded } from "../tree/cpio.ts";
import { makeTree, type Tree } from "../tree/tree.ts";
import { appendVerity, COMPRESSION, growSquashfs, makeSquashfs, type Verity } from "./filesystems.ts";
import { digestFactory, makeOnce } from "./once.ts";
import { ENGINE_FOLDER, SYSTEM_FOLDER } from "./rootfs.ts";

/** Of zstd: a tenth smaller than 15, which takes a third of the seconds; it is kept for the next build. */
const INITRAMFS_LEVEL = "-19";
const VerityRecord = v.object({ dataBlocks: v.number(), rootHash: v.string(), salt: v.string() });

export interface RootImage {
  /** Squashfs with its dm-verity tree; a host path. */
  readonly squashfs: string;
  readonly verity: Verity;
}

/**
 * Always made of three parts, even when nothing is kept of an earlier build, so that the bytes are always the same: the
 * engine, which takes most of the time to compress; the modules and the agent; and all the rest, which is small. The first
 * two are kept for the next build.
 */
export async function makeRoot(tree: Tree, folder: string, tools: Tools): Promise<RootImage> {
  const squashfs = join(folder, "root.squashfs");
  const parts = splitTree(tree, [ENGINE_FOLDER, SYSTEM_FOLDER]);
  const digest = sha256(digestFactory() + parts.map(({ digest }) => digest).join());
  const verity = await makeOnce(squashfs, digest, VerityRecord, async () => {
    const [engine, system, rest] = parts;
    const base = await makeEngineSquashfs(engine, tools);
    copyFileSync(await growOnce(base, system, join(folder, "system.squashfs"), tools), squashfs);
    await growSquashfs(squashfs, rest.tree, tools);
    return appendVerity(squashfs, tools);
  });
  return { squashfs, verity };
}

interface Part {
  readonly tree: Tree;
  /** digestTree's, which reads all of it. */
  readonly digest: string;
}

/** What lies in each of two folders at the top, and what doesn't. */
function splitTree(tree: Tree, [first, second]: readonly [string, string]): [Part, Part, Part] {
  const below = (folder: string) => (path: string) => path === folder || path.startsWith(`${folder}/`);
  const isFirst = below(first);
  const isSecond = below(second);
  const those = (isWanted: (path: string) => boolean): Part => {
    const part = new Map([...tree].filter(([path]) => isWanted(path)));
    return { tree: part, digest: digestTree(part) };
  };
  return [those(isFirst), those(isSecond), those((path) => !isFirst(path) && !isSecond(path))];
}

/** The same for every profile. Returns its host path. */
async function makeEngineSquashfs(engine: Part, tools: Tools): Promise<string> {
  const squashfs = buildPath("cache/squashfs/engine.squashfs");
  mkdirSync(dirname(squashfs), { recursive: true });
  const digest = sha256(JSON.stringify([COMPRESSION, engine.digest]));
  await makeOnce(squashfs, digest, v.null(), async () => {
    await makeSquashfs(engine.tree, squashfs, tools);
    return null;
  });
  return squashfs;
}

/** Makes `squashfs` of `base` and the part; returns it. */
async function growOnce(
  base: string,
  { tree, digest: part }: Part,
  squashfs: string,
  tools: Tools,
): Promise<string> {
  const digest = sha256(JSON.stringify([digestFactory(), sha256(readFileSync(base)), part]));
  await makeOnce(squashfs, digest, v.null(), async () => {
    copyFileSync(base, squashfs);
    await growSquashfs(squashfs, tree, tools);
    return null;
  });
  return squashfs;
}

/**
 * In two archives, which the kernel unpacks one after the other: programs and modules, compressed and kept for the next
 * build, and then our few scripts as they are, at a multiple of four bytes. Returns its host path.
 */
export async function makeInitramfs(tree: Tree, folder: string, tools: Tools): Promise<string> {
  const base = join(folder, "initramfs-base.cpio");
  const compressed = `${base}.zst`;
  const ours = makeTree([...tree].filter(([path, node]) => node.type === "file" && isScript(path)));
  const rest: Tree = new Map([...tree].filter(([path]) => !isScript(path)));
  await makeOnce(compressed, sha256(INITRAMFS_LEVEL + digestTree(rest)), v.null(), async () => {
    writeFileSync(base, makeCpio(rest, tools.epoch));
    // Without --long: the window, 8 MiB here, is what the kernel needs of memory to unpack it.
    await tools.run(["zstd", "-q", "-f", INITRAMFS_LEVEL, base, "-o", compressed]);
    return null;
  });
  const initramfs = join(folder, "initramfs.img");
  replaceFile(initramfs, Buffer.concat([padded(readFileSync(compressed)), makeCpio(ours, tools.epoch)]));
  return initramfs;
}

function isScript(path: string): boolean {
  return path === "init" || path.startsWith("usr/lib/kubesolo-os/");
}
