import { expect, test } from "vitest";
import { planLayout, sfdiskScript, stableId } from "./layout.ts";

test("the partition table of a 4 GiB disk", async () => {
  await expect(sfdiskScript(planLayout(4096))).toMatchFileSnapshot(
    "../../test/golden/partitions-4096.sfdisk",
  );
});

test("partitions follow one another and leave the last MiB free", () => {
  const { partitions, sectors } = planLayout(2048);
  const ends = partitions.map((partition) => partition.startSector + partition.sectors);
  expect(partitions.map((partition) => partition.startSector)).toEqual([2048, ...ends.slice(0, -1)]);
  expect(ends.at(-1)).toBe(sectors - 2048);
});

test("refuses a disk without room for data", () => {
  expect(() => planLayout(1282)).toThrow("a disk of 1282 MiB is too small");
});

test("stable ids are version 4 UUIDs that differ by name", () => {
  expect(stableId("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(stableId("a")).not.toBe(stableId("b"));
});
