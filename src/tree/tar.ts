// Writes a tree as a tar archive: what mksquashfs, mke2fs and container layers are made from.
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { readContent } from "./content.ts";
import type { Tree } from "./tree.ts";

/** Writes `tree` to the host file `output`; every time stamp is `epoch` (seconds), every owner root. */
export async function writeTar(tree: Tree, output: string, epoch: number): Promise<void> {
  const archive = pack();
  // Together: when the output fails, nobody takes the entries any more.
  await Promise.all([pipeline(archive, createWriteStream(output)), addEntries(archive, tree, epoch)]);
}

async function addEntries(archive: Pack, tree: Tree, epoch: number): Promise<void> {
  const owner = { uid: 0, gid: 0, mtime: new Date(epoch * 1000) };
  for (const [name, node] of tree) {
    if (node.type === "directory") archive.entry({ ...owner, name, type: "directory", mode: node.mode });
    if (node.type === "symlink")
      archive.entry({ ...owner, name, type: "symlink", linkname: node.target, mode: 0o777 });
    if (node.type === "file")
      await addFile(archive, { ...owner, name, mode: node.mode }, readContent(node.content));
  }
  archive.finalize();
}

/** Waits until the entry's bytes are taken, so that one large file at a time is in memory. */
function addFile(
  archive: Pack,
  header: { name: string; mode: number; uid: number; gid: number; mtime: Date },
  bytes: Uint8Array,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = archive.entry(header, Buffer.from(bytes), (error) => (error ? reject(error) : resolve()));
    entry.on("error", reject);
  });
}
