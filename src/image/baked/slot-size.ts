// Whether what boots fits into a slot: said before half a disk is written, and with what to leave out.
import { statSync } from "node:fs";
import { findPartition, type Layout, SECTOR_BYTES } from "../../disk/layout.ts";
import { UserError } from "../../lib/errors.ts";
import { SLOT_FILE_SYSTEM_SHARE } from "../../release/partitions.ts";
import type { Tree } from "../../tree/tree.ts";

export function checkSlotSize(slot: Tree, layout: Layout): void {
  const neededBytes = [...slot.values()].reduce((sum, node) => {
    if (node.type !== "file") return sum;
    const { content } = node;
    return sum + ("bytes" in content ? content.bytes.length : statSync(content.hostPath).size);
  }, 0);
  const roomBytes = findPartition(layout, "KSOLOA").sectors * SECTOR_BYTES * (1 - SLOT_FILE_SYSTEM_SHARE);
  if (neededBytes <= roomBytes) return;
  throw new UserError(`the system takes ${inMiB(neededBytes)}, and a slot has room for ${inMiB(roomBytes)}`, {
    hint: "bake fewer image archives in, or load them from a volume or the data partition",
  });
}

function inMiB(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}
