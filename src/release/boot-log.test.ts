import { describe, expect, test } from "vitest";
import { activatedLine, findLastWords } from "./boot-log.ts";

const tried = { version: "1.1.0", slot: "B" } as const;
const old = "init: KubeSolo OS 1.0.0, slot A\n";
const trial = "init: KubeSolo OS 1.1.0, slot B, on trial\n";
const panic = "init: the last words of the kernel before this boot:\nPanic#1 Part1\n<0>Kernel panic\n";
const stage = (name: string) => `init: ${name}: done at 12.3 s\n`;
const activated = activatedLine(tried);

test.each<[string, string, string | undefined, string?]>([
  ["an empty log has none", "", undefined],
  ["nor has one of other systems", `${old}engine: starting\n${activated}${old}engine: starting\n`, undefined],
  [
    "those of a trial, without the old system's before and after it",
    `${old}before\n${activated}${trial}${stage("40-sysctl")}engine: no\n${old}after\n`,
    `${trial}${stage("40-sysctl")}engine: no\n`,
    "40-sysctl",
  ],
  [
    "those of all its boots, the last stage that was reached in any",
    `${activated}${trial}${stage("90-kubesolo")}engine: no\n${trial}init: 20-persistent-mount: broken\n${old}`,
    `${trial}${stage("90-kubesolo")}engine: no\n${trial}init: 20-persistent-mount: broken\n`,
    "20-persistent-mount",
  ],
  ["a kernel's, that the old system found", `${old}${activated}${panic}${old}engine\n`, panic],
  ["none of an earlier trial", `${activated}${trial}first\n${old}${activated}${old}`, undefined],
  [
    "a boot's that isn't on trial are nobody's",
    `${activated}init: KubeSolo OS 1.1.0, slot B\nengine\n`,
    undefined,
  ],
  ["when the beginning is lost", `half a line\n${trial}engine: no\n`, `${trial}engine: no\n`],
])("%s", (_name, log, text, last) => {
  expect(findLastWords(log, tried)).toEqual(
    text === undefined ? undefined : { text, ...(last === undefined ? {} : { stage: last }) },
  );
});

describe("of many words", () => {
  test("the end counts", () => {
    const found = findLastWords(`${trial}${"x".repeat(100_000)}\nlast\n`, tried);
    expect(found?.text).toHaveLength(65_537);
    expect(found?.text.endsWith("x\nlast\n")).toBe(true);
  });
});
