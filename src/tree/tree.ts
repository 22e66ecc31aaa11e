// A file tree as data, before it is bytes. Pure.
import { posix } from "node:path";

/** A file's content: bytes in memory, or a file on the host that is read when the tree is written. */
export type Content = { readonly bytes: Uint8Array } | { readonly hostPath: string };

export type Node =
  | { readonly type: "directory"; readonly mode: number }
  | { readonly type: "file"; readonly mode: number; readonly content: Content }
  | { readonly type: "symlink"; readonly target: string };

/** Image paths (no leading slash) to nodes, sorted, every parent directory present. All owned by root. */
export type Tree = ReadonlyMap<string, Node>;

export type Entry = readonly [imagePath: string, node: Node];

/** A file on the host; executable by default, as most files of an appliance are programs. */
export function hostFile(imagePath: string, hostPath: string, mode = 0o755): Entry {
  return [imagePath, { type: "file", mode, content: { hostPath } }];
}

export function textFile(imagePath: string, text: string, mode = 0o644): Entry {
  return [imagePath, { type: "file", mode, content: { bytes: Buffer.from(text) } }];
}

export function directory(imagePath: string, mode = 0o755): Entry {
  return [imagePath, { type: "directory", mode }];
}

export function symlink(imagePath: string, target: string): Entry {
  return [imagePath, { type: "symlink", target }];
}

/** Sorts the entries, adds missing parents, and throws when two entries want the same path. */
export function makeTree(entries: Iterable<Entry>): Tree {
  const nodes = new Map<string, Node>();
  for (const [path, node] of entries) {
    checkImagePath(path);
    const present = nodes.get(path);
    if (present !== undefined && !isSameNode(present, node)) {
      throw new Error(`two different nodes at image path "${path}"`);
    }
    nodes.set(path, node);
  }
  for (const path of [...nodes.keys()]) addParents(nodes, path);
  return new Map([...nodes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkImagePath(path: string): void {
  const isClean = path !== "" && !path.startsWith("/") && posix.normalize(path) === path && path !== ".";
  if (!isClean || path.startsWith("../")) throw new Error(`not an image path: "${path}"`);
}

function addParents(nodes: Map<string, Node>, path: string): void {
  for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) {
    const node = nodes.get(parent);
    if (node === undefined) nodes.set(parent, { type: "directory", mode: 0o755 });
    else if (node.type !== "directory") throw new Error(`"${path}" lies under "${parent}", a ${node.type}`);
  }
}

function isSameNode(a: Node, b: Node): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
