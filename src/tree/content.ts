// Reads what a tree holds: the bytes of its files, and one digest over all of it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Content, Tree } from "./tree.ts";

export function readContent(content: Content): Uint8Array {
  return "bytes" in content ? content.bytes : readFileSync(content.hostPath);
}

/** SHA-256 in hex over every path, mode, target and byte: equal digests mean equal images. */
export function digestTree(tree: Tree): string {
  const hash = createHash("sha256");
  for (const [path, node] of tree) {
    const about = node.type === "symlink" ? node.target : node.mode.toString(8);
    hash.update(JSON.stringify([path, node.type, about]));
    if (node.type === "file") hash.update(createHash("sha256").update(readContent(node.content)).digest());
  }
  return hash.digest("hex");
}
