import { expect, test } from "vitest";
import { describeStart, describeStarts, type Start } from "./summary.ts";

const start = (kind: Start["kind"], readySeconds: number): Start => ({
  kind,
  readySeconds,
  podSeconds: readySeconds + 1,
  cpuSeconds: readySeconds / 2,
});

test("a start is a line", () => {
  expect(describeStart(start("fresh start", 3), 7, 50)).toBe(
    "fresh start            7/50  ready  3.00 s  pod  4.00 s  cpu  1.50 s",
  );
});

test.each([
  ["an odd number", [3, 1, 2], "1.0 / 2.0 / 3.0"],
  ["an even number", [4, 1, 2, 3], "1.0 / 2.5 / 4.0"],
  ["one", [2], "2.0 / 2.0 / 2.0"],
])("minimum, median and maximum of %s", (_, values, expected) => {
  expect(describeStarts(values.map((value) => start("fresh start", value)))).toContain(
    `| fresh start | ${values.length} | ${expected} |`,
  );
});

test("each kind has a row", () => {
  const table = describeStarts([start("fresh start", 1), start("restart after SIGKILL", 1)]);
  expect(table.split("\n")).toHaveLength(4);
});
