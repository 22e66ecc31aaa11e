// The partition table, as sfdisk reads it.
import * as v from "valibot";
import type { Tools } from "../../lib/locked-tools.ts";
import { partitionNames, partitionStartMib } from "../../release/partitions.ts";

const Table = v.object({
  partitiontable: v.object({
    label: v.string(),
    partitions: v.array(v.object({ start: v.number(), size: v.number(), name: v.optional(v.string(), "") })),
  }),
});

/** What is wrong with it, and the data partition's name: while its file system is made, another one. */
export async function checkTable(
  tools: Tools,
  disk: string,
): Promise<{ problems: string[]; dataName: string }> {
  const { partitions } = v.parse(
    v.pipe(v.string(), v.parseJson(), Table),
    await tools.run(["sfdisk", "--json", disk]),
  ).partitiontable;
  const starts = partitions.map(({ start }) => start / 2048);
  const wanted = partitionNames.map(partitionStartMib);
  const problems =
    starts.join() === wanted.join() ? [] : [`partitions begin at ${starts.join()} MiB, not ${wanted.join()}`];
  return { problems, dataName: partitions.at(-1)?.name ?? "" };
}
