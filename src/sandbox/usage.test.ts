import { expect, test } from "vitest";
import { parseUsage } from "./usage.ts";

test("usage is read past a name with spaces and brackets", () => {
  const stat = "12 (a) b) S 1 12 12 0 -1 4194304 100 0 0 0 150 25 7 7 20 0 11 0 99 0 0";
  const status = "Name:\ta) b\nVmRSS:\t    2048 kB\nRssAnon:\t    1024 kB\n";
  expect(parseUsage(stat, status)).toEqual({ cpuSeconds: 1.75, residentMiB: 2, anonymousMiB: 1 });
});
