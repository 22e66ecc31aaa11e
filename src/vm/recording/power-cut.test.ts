import { expect, test } from "vitest";
import { chooseKept, flushBoundaries, spread } from "./power-cut.ts";
import type { Write } from "./write-log.ts";

const write = (sector: number, sectors = 1, isForced = false): Write => ({
  is: "write",
  sector,
  sectors,
  dataAt: 0,
  isForced,
});
const flush: Write = { is: "flush", sector: 0, sectors: 0, dataAt: 0, isForced: true };
const discard: Write = { is: "discard", sector: 0, sectors: 8, dataAt: 0, isForced: false };

test.each<[string, Write[], number[]]>([
  ["a disk that nobody wrote to", [], [0]],
  ["what was never flushed", [write(0), discard], [0]],
  ["each flush", [write(0), flush, write(1), write(2), flush], [0, 2, 5]],
  ["a write that is forced onto the medium", [write(0, 1, true), write(1)], [0, 1]],
])("boundaries: %s", (_, writes, boundaries) => {
  expect(flushBoundaries(writes)).toEqual(boundaries);
});

test.each<[string, number[], number, number[]]>([
  ["as many as there are", [1, 2, 3], 3, [1, 2, 3]],
  ["more than there are", [1, 2, 3], 9, [1, 2, 3]],
  ["first, middle, last", [0, 1, 2, 3, 4], 3, [0, 2, 4]],
  ["one: the middle", [0, 1, 2], 1, [1]],
  ["none", [0, 1, 2], 0, []],
  ["of none", [], 2, []],
])("spread: %s", (_, all, count, chosen) => {
  expect(spread(all, count)).toEqual(chosen);
});

const epoch = [write(10, 8), discard, write(100, 40), write(10, 8)];
const seeds = Array.from({ length: 50 }, (_, seed) => seed);

test("the same seed loses the same sectors, another one others", () => {
  expect(chooseKept(epoch, "torn", 1)).toEqual(chooseKept(epoch, "torn", 1));
  expect(new Set(seeds.map((seed) => JSON.stringify(chooseKept(epoch, "torn", seed)))).size).toBe(50);
});

test("torn: each sector of a write may be lost, none is there twice, and discards have none", () => {
  for (const seed of seeds) {
    const kept = chooseKept(epoch, "torn", seed);
    expect(new Set(kept.map(({ write: of, index }) => `${epoch.indexOf(of)} ${index}`)).size).toBe(
      kept.length,
    );
    expect(kept.every(({ write: of, index }) => of.is === "write" && index < of.sectors)).toBe(true);
    expect(kept.length).toBeGreaterThan(8);
    expect(kept.length).toBeLessThan(48);
  }
});

test("reordered: writes are there as a whole or not at all, in any order", () => {
  const outcomes = seeds.map((seed) =>
    chooseKept(epoch, "reordered", seed).map(({ write: of }) => epoch.indexOf(of)),
  );
  for (const kept of outcomes)
    for (const place of new Set(kept))
      expect(kept.filter((each) => each === place)).toHaveLength(epoch[place]?.sectors ?? 0);
  expect(outcomes.some((kept) => kept.indexOf(3) >= 0 && kept.indexOf(3) < kept.indexOf(0))).toBe(true);
  expect(outcomes.some((kept) => kept.length === 0)).toBe(true);
});
