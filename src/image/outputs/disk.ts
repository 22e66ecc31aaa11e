// The raw disk.
import { planLayout } from "../../disk/layout.ts";
import { DISK_MIB } from "../../release/partitions.ts";
import { checkSlotSize } from "../baked/slot-size.ts";
import { makeDiskImage } from "../disk-image.ts";
import type { Output } from "./output.ts";

export const diskLayout = planLayout(DISK_MIB);

export const disk: Output = {
  file: "kubesolo-os.img",
  what: "a raw disk for BIOS and UEFI, sparse",
  async make(path, { slot, sequence }, tools) {
    checkSlotSize(slot, diskLayout);
    await makeDiskImage(path, { layout: diskLayout, slot, sequence }, tools);
  },
};
