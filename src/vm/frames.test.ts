import { expect, test } from "vitest";
import { formatRequest, parseGuestLine, splitLines } from "./frames.ts";

test("a request is one whole line, and ends what an earlier host left half written", () => {
  expect(formatRequest({ id: "ab-1", limitSeconds: 5, command: "echo\nä" })).toBe(
    "\nab-1 5 ZWNobwrDpA== .\n",
  );
});

test("an answer carries exit code, standard output and standard error", () => {
  expect(parseGuestLine("ab-1 3 b3V0 w6Q= .")).toEqual({
    is: "answer",
    id: "ab-1",
    exitCode: 3,
    stdout: "out",
    stderr: "ä",
  });
});

test("an answer without output has empty fields", () => {
  expect(parseGuestLine("ab-1 0   .")).toMatchObject({ is: "answer", stdout: "", stderr: "" });
});

test.each([
  ["the guest began to listen", "ready", "ready"],
  ["the empty line before an answer", "", "noise"],
  ["the end of an answer that was cut", "b3V0 w6Q= .", "noise"],
  ["the beginning of an answer that was cut", "ab-1 0 b3V0 w6", "noise"],
  ["a beginning and an end run together", "ab-1 0 b3Vab-2 0 b3V0  .", "noise"],
  ["an exit code that is none", "ab-1 x b3V0  .", "noise"],
])("%s", (_, line, is) => {
  expect(parseGuestLine(line).is).toBe(is);
});

test("lines are split wherever the pieces were cut, and the rest is kept", () => {
  expect(splitLines(["a", "b\nc", "\n", "\nd"])).toEqual({ lines: ["ab", "c", ""], rest: "d" });
});
