// Writes a tree as a cpio archive in the "newc" format that Linux unpacks as an initramfs
// (Documentation/driver-api/early-userspace/buffer-format.rst). Own code because GNU cpio keeps
// inode numbers and times of the host. Pure but for reading file contents.
import { readContent } from "./content.ts";
import type { Node, Tree } from "./tree.ts";

const TYPE_BITS: Record<Node["type"], number> = { directory: 0o040000, file: 0o100000, symlink: 0o120000 };

/** The archive's bytes; every time stamp is `epoch` (seconds since 1970), every owner root. */
export function makeCpio(tree: Tree, epoch: number): Buffer {
  const parts: Buffer[] = [];
  let inode = 1;
  for (const [path, node] of tree) {
    parts.push(record(path, node, inode, epoch));
    inode += 1;
  }
  parts.push(header("TRAILER!!!", { inode: 0, mode: 0, links: 1, epoch: 0, size: 0 }));
  return Buffer.concat(parts);
}

function record(path: string, node: Node, inode: number, epoch: number): Buffer {
  const data = nodeData(node);
  const mode = TYPE_BITS[node.type] | (node.type === "symlink" ? 0o777 : node.mode);
  const links = node.type === "directory" ? 2 : 1;
  return Buffer.concat([header(path, { inode, mode, links, epoch, size: data.length }), padded(data)]);
}

function nodeData(node: Node): Uint8Array {
  if (node.type === "directory") return Buffer.alloc(0);
  return node.type === "symlink" ? Buffer.from(node.target) : readContent(node.content);
}

interface Header {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly epoch: number;
  readonly size: number;
}

/** Thirteen 8-digit hex fields after the magic, then the name, padded to four bytes. */
function header(name: string, { inode, mode, links, epoch, size }: Header): Buffer {
  const nameBytes = Buffer.from(`${name}\0`);
  const fields = [inode, mode, 0, 0, links, epoch, size, 0, 0, 0, 0, nameBytes.length, 0];
  const hex = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  return padded(Buffer.concat([Buffer.from(`070701${hex}`), nameBytes]));
}

/** With zeros to a multiple of four bytes, where each part of an archive begins, and each archive behind another one. */
export function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
