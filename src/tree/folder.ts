// Writes a tree into a folder of the host, for tools that read nothing else.
import { chmodSync, lutimesSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readContent } from "./content.ts";
import type { Tree } from "./tree.ts";

/** Makes the host folder `folder` with all of `tree`; every time stamp is `epoch` (seconds), whoever runs this is owner. */
export function writeFolder(tree: Tree, folder: string, epoch: number): void {
  mkdirSync(folder);
  for (const [path, node] of tree) {
    const hostPath = join(folder, path);
    if (node.type === "symlink") symlinkSync(node.target, hostPath);
    if (node.type === "directory") mkdirSync(hostPath);
    if (node.type === "file") writeFileSync(hostPath, readContent(node.content));
    // Afterwards: a new file's mode is less the umask.
    if (node.type !== "symlink") chmodSync(hostPath, node.mode);
  }
  // Folders after what is in them, which changes their time.
  for (const path of ["", ...tree.keys()].reverse()) lutimesSync(join(folder, path), epoch, epoch);
}
