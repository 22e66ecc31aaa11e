import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { describeFindings, Findings } from "./findings.ts";

const folder = mkdtempSync(join(tmpdir(), "findings-"));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (cpuSeconds: number) => ({ cpuSeconds, wallSeconds: 30, processes: [{ name: "kubesolo" }] });

test.each([
  ["nothing", [], ""],
  ["one round", [{ what: "idle", figures: { usedMiB: 240.123 } }], "idle: usedMiB 240.12"],
  [
    "rounds in turns: together again, in their order, and without lists",
    [
      { what: "engine", figures: start(5) },
      { what: "peer", figures: start(12) },
      { what: "engine", figures: start(4.5) },
    ],
    "engine: cpuSeconds 5 4.5, wallSeconds 30 30\npeer: cpuSeconds 12, wallSeconds 30",
  ],
  [
    "a round that found something else",
    [
      { what: "384 MiB", figures: { seconds: 60 } },
      { what: "384 MiB", figures: { why: "no memory\nits console" } },
    ],
    "384 MiB: seconds 60 –, why – no memory",
  ],
])("%s", (_, findings, text) => {
  expect(describeFindings(findings)).toBe(text);
});

test("what was found is in the file at once, and nothing of an earlier benchmark", () => {
  const path = join(folder, "rounds.jsonl");
  new Findings(path).add("earlier", { seconds: 1 });
  const findings = new Findings(path);
  expect(findings.add("restart", { seconds: 2 })).toEqual({ seconds: 2 });
  expect(readFileSync(path, "utf8")).toBe('{"what":"restart","figures":{"seconds":2}}\n');
});
