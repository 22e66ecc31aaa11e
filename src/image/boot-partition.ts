// The boot partition in a raw disk image that is built already.
import * as v from "valibot";
import { SECTOR_BYTES } from "../disk/layout.ts";
import type { Tools } from "../lib/locked-tools.ts";
import type { PartitionName } from "../release/partitions.ts";

export const BOOT_PARTITION: PartitionName = "KSOLOEFI";

/** What sfdisk(8) prints with --json. */
const Table = v.object({
  partitiontable: v.object({
    sectorsize: v.optional(v.number(), SECTOR_BYTES),
    partitions: v.array(v.object({ name: v.optional(v.string()), start: v.number() })),
  }),
});

/** Where it begins, in bytes; undefined in what is no disk image of ours. */
export async function findBootPartition(image: string, tools: Tools): Promise<number | undefined> {
  const { exitCode, stdout } = await tools.runAnyExit(["sfdisk", "--json", image]);
  if (exitCode !== 0) return undefined;
  const { sectorsize, partitions } = v.parse(Table, JSON.parse(stdout)).partitiontable;
  const found = partitions.find(({ name }) => name === BOOT_PARTITION);
  return found && found.start * sectorsize;
}
