// What a slot holds: all that boots. Pure.
import { hostFile, makeTree, type Tree, textFile } from "../tree/tree.ts";
import { type ReleaseArgs, slotBootConfig } from "./grub/config.ts";

export interface Slot {
  readonly tree: Tree;
  readonly release: ReleaseArgs;
}

interface SlotParts {
  /** Host paths. */
  readonly vmlinuz: string;
  readonly initramfs: string;
  readonly squashfs: string;
  readonly release: ReleaseArgs;
}

export function planSlot({ vmlinuz, initramfs, squashfs, release }: SlotParts): Slot {
  const tree = makeTree([
    hostFile("vmlinuz", vmlinuz, 0o644),
    hostFile("initramfs.img", initramfs, 0o644),
    hostFile("root.squashfs", squashfs, 0o644),
    textFile("boot.cfg", slotBootConfig(release)),
  ]);
  return { tree, release };
}
