import { expect, test } from "vitest";
import { readLines } from "./lines.ts";

async function collect(args: readonly string[], timeoutMs = 10_000, enough = Infinity): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(args, { timeoutMs })) {
    lines.push(line);
    if (lines.length === enough) break;
  }
  return lines;
}

test("a program's lines are read to its end", async () => {
  expect(await collect(["printf", "one\ntwo\nno newline"])).toEqual(["one", "two", "no newline"]);
});

test("one that would go on is ended when its reader has enough", async () => {
  expect(await collect(["sh", "-c", "echo one; exec sleep 60"], 10_000, 1)).toEqual(["one"]);
});

test("and when the limit is over", async () => {
  expect(await collect(["sh", "-c", "echo one; exec sleep 60"], 200)).toEqual(["one"]);
});

test("a program that is missing is named", async () => {
  await expect(collect(["/nothing/here"])).rejects.toThrow('program "/nothing/here" is not installed');
});
