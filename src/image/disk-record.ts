// What is known of a disk that was built, for those who boot it on this host.
import { findPartition, SECTOR_BYTES } from "../disk/layout.ts";
import { type BuiltImage, writeBuiltImage } from "../lib/built.ts";
import { sha256 } from "../lib/files.ts";
import { buildPath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { grubConfig, networkKernelArgs } from "./grub/config.ts";
import { diskLayout } from "./outputs/disk.ts";
import type { Profile } from "./profile.ts";
import type { Made } from "./step.ts";

type DiskParts = Pick<Made, "disk" | "slot" | "kernel" | "initramfs" | "images"> & {
  readonly profile: Profile;
};

/** Writes the record into the host folder `folder`, and returns it. */
export function writeDiskRecord(folder: string, parts: DiskParts): BuiltImage {
  const { disk, profile, slot, kernel, initramfs, images } = parts;
  const image: BuiltImage = {
    diskImage: disk,
    version: slot.release.version,
    profile,
    imageId: sha256(digestTree(slot.tree) + grubConfig()),
    dataOffsetBytes: findPartition(diskLayout, "KSOLODATA").startSector * SECTOR_BYTES,
    kernel: kernel.vmlinuz,
    initramfs,
    kernelArgs: networkKernelArgs(slot.release),
    systemImages: images.archives,
    kubectl: buildPath("engine/kubectl"),
  };
  writeBuiltImage(folder, image);
  return image;
}
