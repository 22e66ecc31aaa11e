// Takes folders of the host into a tree.
import { readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Entry, hostFile, symlink } from "./tree.ts";

/** Every file and symlink below `hostFolder`, under `imageFolder` ("" for the root); modes become 0755 or 0644. */
export function hostFolder(imageFolder: string, hostFolderPath: string): Entry[] {
  return readdirSync(hostFolderPath, { withFileTypes: true, recursive: true })
    .filter((item) => !item.isDirectory())
    .map((item) => {
      const hostPath = join(item.parentPath, item.name);
      const imagePath = join(imageFolder, hostPath.slice(hostFolderPath.length + 1));
      if (item.isSymbolicLink()) return symlink(imagePath, readlinkSync(hostPath));
      return hostFile(imagePath, hostPath, statSync(hostPath).mode & 0o100 ? 0o755 : 0o644);
    });
}
