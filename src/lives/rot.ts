// What rots on a machine's disk, as scripts that it runs on itself. Pure.
import type { Slot } from "../release/boot-state.ts";
import { partitionNumber } from "../release/partitions.ts";

const block = 4096;

/** Garbage in the kernel, where it lies. */
export function rotSlot(slot: Slot): string {
  const device = `/dev/vda${partitionNumber(slot === "A" ? "KSOLOA" : "KSOLOB")}`;
  return [
    `mkdir -p /tmp/rot && mount -t ext4 -o ro ${device} /tmp/rot`,
    `at=$(filefrag -v -b${block} /tmp/rot/vmlinuz | sed -n 's/^ *0: *0\\.\\. *[0-9]*: *\\([0-9]*\\)\\.\\..*/\\1/p')`,
    "umount /tmp/rot",
    `test -n "$at" && ${garbage(4)} | dd of=${device} bs=${block} seek="$at" conv=notrunc,fsync`,
    "echo 3 >/proc/sys/vm/drop_caches",
  ].join(" && ");
}

/** `offset`: a byte of the boot partition. */
export function rotCopy(offset: number): string {
  return `${garbage(1)} | dd of=/dev/vda${partitionNumber("KSOLOEFI")} bs=512 seek=${offset / 512} count=2 conv=notrunc,fsync`;
}

function garbage(blocks: number): string {
  return `dd if=/dev/zero bs=${block} count=${blocks} 2>/dev/null | tr '\\0' x`;
}
