// For machines that run already: all of a release in one tar, as updates are made from. Nobody has signed it yet.
import { renameSync } from "node:fs";
import { bundleMembers, SIGNATURE_FILE } from "../../release/bundle.ts";
import { writeTar } from "../../tree/tar.ts";
import type { Tree } from "../../tree/tree.ts";
import type { Output } from "./output.ts";

export const bundle: Output = {
  file: "kubesolo-os-bundle.tar",
  what: "an update for machines that run; to be signed",
  async make(path, { slot }, { epoch }) {
    const unfinished = `${path}.new`;
    await writeTar(inOrder(slot), unfinished, epoch);
    renameSync(unfinished, path);
  },
};

/** Not sorted as trees are: whoever reads a bundle gets the manifest first. */
function inOrder(slot: Tree): Tree {
  const names = bundleMembers.filter((name) => name !== SIGNATURE_FILE);
  return new Map(
    names.map((name) => {
      const node = slot.get(name);
      if (node === undefined) throw new Error(`a slot without "${name}"`);
      return [name, node];
    }),
  );
}
