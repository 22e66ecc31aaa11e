import { expect, test } from "vitest";
import type { Mark } from "./marks.ts";
import { countBoundaries, planTasks, type Wish } from "./plan.ts";
import { parseResults, type Result } from "./results.ts";
import { describeSummary, summarize } from "./summary.ts";

const marks: Mark[] = [
  { is: "begin", at: 0, scenario: "first-boot" },
  { is: "begin", at: 100, scenario: "writes" },
];
const boundaries = [0, 10, 20, 30, 100, 110];
const nothing: Wish = { scenarios: ["first-boot", "writes"], every: 1, stages: 0, ready: 0, seeds: 0 };
const planned = (wish: Partial<Wish>, done: readonly Result[] = []) =>
  planTasks(boundaries, marks, { ...nothing, ...wish }, done).map(
    ({ cut, look, seed }) => `${cut} ${look}${seed === undefined ? "" : ` ${seed}`}`,
  );
const result = (change: Partial<Result> = {}): Result => ({
  recorded: "today",
  cut: 10,
  scenario: "first-boot",
  look: "offline",
  objects: 0,
  problems: [],
  ...change,
});

test.each<[string, Partial<Wish>, string[]]>([
  ["every boundary", {}, boundaries.map((cut) => `${cut} offline`)],
  ["of one scenario", { scenarios: ["writes"] }, ["100 offline", "110 offline"]],
  ["every third, of each", { every: 3 }, ["0 offline", "30 offline", "100 offline"]],
  [
    "both kinds of losses",
    { scenarios: ["writes"], every: 2, seeds: 2 },
    ["100 offline", "100 torn 0", "100 reordered 1"],
  ],
  [
    "boots, evenly spread, whatever is looked at otherwise",
    { scenarios: ["first-boot"], every: 9, stages: 2, ready: 1 },
    ["0 offline", "0 stages", "20 ready", "30 stages"],
  ],
])("%s", (_, wish, tasks) => {
  expect(planned(wish)).toEqual(tasks);
});

test("what was done isn't done again", () => {
  expect(planned({ scenarios: ["first-boot"] }, [result()])).toEqual([
    "0 offline",
    "20 offline",
    "30 offline",
  ]);
  expect(planned({ scenarios: ["first-boot"], every: 9, seeds: 1 }, [result({ cut: 0 })])).toEqual([
    "0 torn 0",
  ]);
});

test("how many boundaries a scenario has", () => {
  expect(countBoundaries(boundaries, marks)).toEqual({ "first-boot": 4, writes: 2 });
});

test("of the results, those of this recording, without a line that was interrupted", () => {
  const text = `${JSON.stringify(result())}\n${JSON.stringify(result({ recorded: "before" }))}\n{"recorded": "to`;
  expect(parseResults(text, "today")).toEqual([result()]);
  expect(parseResults("", "today")).toEqual([]);
});

test("the summary has what is right of all, by scenario", () => {
  const results = [
    result(),
    result({ cut: 20, problems: ["lost"] }),
    result({ look: "torn", seed: 0 }),
    result({ look: "reordered", seed: 1 }),
    result({ scenario: "trial", look: "ready", objects: 3 }),
    result({ scenario: "trial", objects: 3, problems: ["acknowledged and lost"] }),
  ];
  expect(describeSummary(summarize(results)).split("\n").slice(2)).toEqual([
    "| first-boot | 1 of 2 | 2 of 2 | 0 of 0 | 0 of 0 | 0 of 0 |",
    "| trial | 0 of 1 | 0 of 0 | 0 of 0 | 1 of 1 | 1 of 2 |",
    "| all | 1 of 3 | 2 of 2 | 0 of 0 | 1 of 1 | 1 of 2 |",
  ]);
});
