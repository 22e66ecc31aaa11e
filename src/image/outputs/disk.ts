// The raw disk.
import { planLayout } from "../../disk/layout.ts";
import { MANIFEST_FILE } from "../../release/bundle.ts";
import { parseReleaseManifest } from "../../release/release-manifest.ts";
import { readContent } from "../../tree/content.ts";
import type { Tree } from "../../tree/tree.ts";
import { checkSlotSize } from "../baked/slot-size.ts";
import { makeDiskImage } from "../disk-image.ts";
import type { Output } from "./output.ts";

const DISK_MIB = 4096;

export const diskLayout = planLayout(DISK_MIB);

export const disk: Output = {
  file: "kubesolo-os.img",
  what: "a raw disk for BIOS and UEFI, sparse",
  async make(path, { slot }, tools) {
    checkSlotSize(slot, diskLayout);
    await makeDiskImage(path, { layout: diskLayout, slot, sequence: sequenceOf(slot) }, tools);
  },
};

function sequenceOf(slot: Tree): number {
  const node = slot.get(MANIFEST_FILE);
  if (node?.type !== "file") throw new Error(`a slot without ${MANIFEST_FILE}`);
  const manifest = parseReleaseManifest(Buffer.from(readContent(node.content)).toString());
  if ("problems" in manifest) throw new Error(manifest.problems.join("; "));
  return manifest.sequence;
}
