import { expect, test } from "vitest";
import { partitionNames, partitionNumber, partitionStartMib } from "./partitions.ts";

test("partitions are counted from 1, and each begins where the last one ends", () => {
  expect(
    partitionNames.map((name) => `${partitionNumber(name)} ${name} at ${partitionStartMib(name)} MiB`),
  ).toEqual([
    "1 BIOSBOOT at 1 MiB",
    "2 KSOLOEFI at 2 MiB",
    "3 KSOLOA at 258 MiB",
    "4 KSOLOB at 770 MiB",
    "5 KSOLODATA at 1282 MiB",
  ]);
});
