import { expect, test } from "vitest";
import { cutExtents } from "../lib/extents.ts";
import { cutAt } from "./copy.ts";

const extents = [
  { start: 0, length: 100, data: true },
  { start: 100, length: 250, data: false },
];

test.each([
  ["inside", 30, [30, 70, 250]],
  ["between two", 100, [100, 250]],
  ["behind all", 350, [100, 250]],
  ["at the beginning", 0, [100, 250]],
])("a cut %s", (_name, place, lengths) => {
  const cut = cutAt(extents, place);
  expect(cut.map(({ length }) => length)).toEqual(lengths);
  expect(cut.filter(({ start, length }) => start < place && start + length > place)).toEqual([]);
});

test("pieces follow one another, and keep what they are", () => {
  expect(cutExtents(extents, 100)).toEqual([
    { start: 0, length: 100, data: true },
    { start: 100, length: 100, data: false },
    { start: 200, length: 100, data: false },
    { start: 300, length: 50, data: false },
  ]);
});
