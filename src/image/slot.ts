// What a slot holds: all that boots, and what its release says of it. Pure.
import type { FileSum } from "../lib/file-sum.ts";
import { sha256 } from "../lib/files.ts";
import { MANIFEST_FILE, SUMS_FILE } from "../release/bundle.ts";
import {
  formatReleaseManifest,
  LAYOUT,
  PRODUCT,
  type ReleaseManifest,
  type SlotFile,
  slotFiles,
  slotSums,
} from "../release/release-manifest.ts";
import { hostFile, makeTree, type Tree, textFile } from "../tree/tree.ts";
import { type ReleaseArgs, slotBootConfig } from "./grub/config.ts";

export interface Slot {
  readonly tree: Tree;
  readonly release: ReleaseArgs;
}

/** What a release says besides what its files say. */
export type ReleaseFacts = Pick<
  ReleaseManifest,
  "sequence" | "architecture" | "profile" | "kubernetes" | "min_compatible_version"
>;

/** A file on the host that goes into a slot. */
export interface SlotPart extends FileSum {
  readonly hostPath: string;
}

interface SlotParts {
  readonly vmlinuz: SlotPart;
  readonly initramfs: SlotPart;
  readonly squashfs: SlotPart;
  readonly release: ReleaseArgs;
  readonly facts: ReleaseFacts;
}

export function planSlot({ vmlinuz, initramfs, squashfs, release, facts }: SlotParts): Slot {
  const bootConfig = slotBootConfig(release);
  const manifest = planRelease(release, facts, {
    vmlinuz,
    "initramfs.img": initramfs,
    "boot.cfg": { size: Buffer.byteLength(bootConfig), sha256: sha256(bootConfig) },
    "root.squashfs": squashfs,
  });
  const tree = makeTree([
    hostFile("vmlinuz", vmlinuz.hostPath, 0o644),
    hostFile("initramfs.img", initramfs.hostPath, 0o644),
    hostFile("root.squashfs", squashfs.hostPath, 0o644),
    textFile("boot.cfg", bootConfig),
    textFile(MANIFEST_FILE, formatReleaseManifest(manifest)),
    textFile(SUMS_FILE, slotSums(manifest)),
  ]);
  return { tree, release };
}

function planRelease(
  { version, verity }: ReleaseArgs,
  facts: ReleaseFacts,
  sums: Readonly<Record<SlotFile, FileSum>>,
): ReleaseManifest {
  return {
    product: PRODUCT,
    version,
    ...facts,
    layout: LAYOUT,
    root_hash: verity.rootHash,
    files: slotFiles.map((name) => ({ name, size: sums[name].size, sha256: sums[name].sha256 })),
    notes: "",
  };
}
