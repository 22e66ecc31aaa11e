import { expect, test } from "vitest";
import { type Boot, describeBoot, describeBoots } from "./boot-summary.ts";

const ready = (seconds: number): Boot => ({ is: "ready", seconds });
const failed: Boot = { is: "failed", why: "the guest's kernel died", consoleLog: "/build/console-7.log" };

test.each([
  ["a boot is a line", ready(38.14), "boot  7/20  ready  38.1 s"],
  [
    "one that failed says why, and where its console is",
    failed,
    "boot  7/20  failed: the guest's kernel died\n  its console: /build/console-7.log",
  ],
])("%s", (_, boot, line) => {
  expect(describeBoot(boot, 7, 20)).toBe(line);
});

test.each([
  ["all that got Ready count", [ready(40), ready(38), ready(39)], "| 512 MB | 3 | 3 | 38.0 / 39.0 / 40.0 |"],
  ["one that failed took no time", [ready(40), failed], "| 512 MB | 2 | 1 | 40.0 / 40.0 / 40.0 |"],
  ["none that got Ready has no times", [failed], "| 512 MB | 1 | 0 | – |"],
])("%s", (_, boots, row) => {
  expect(describeBoots("512 MB", boots).split("\n").at(-1)).toBe(row);
});
