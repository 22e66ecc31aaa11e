import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ConsoleLog, cleanConsole, findPanic, lastLines } from "./console.ts";

const folder = mkdtempSync(join(tmpdir(), "console-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("console text loses terminal control, carriage returns and blank lines", () => {
  expect(cleanConsole("\x1b[2J\x1b[01;32mGRUB\x1b[0m\r\n\r\n  \x1b[1;1Hmenu\r\n")).toBe("GRUB\n  menu");
});

test("the last lines are the last that say something", () => {
  expect(lastLines("a\r\nb\r\n\r\nc\r\n", 2)).toEqual(["b", "c"]);
});

test.each([
  [
    "a panic with its reason",
    "[ 1.2] Kernel panic - not syncing: VFS: Unable\r\n",
    "Kernel panic - not syncing: VFS: Unable",
  ],
  ["a kernel that merely mentions panics", "Kernel command line: panic=10\r\n", undefined],
])("%s", (_, text, found) => {
  expect(findPanic(text)).toBe(found);
});

test("the log is read from an offset on, a bit more at every call", () => {
  const path = join(folder, "console.log");
  const log = new ConsoleLog(path, 4);
  expect(log.read()).toBe("");
  writeFileSync(path, "old\nnew");
  expect(log.read()).toBe("new");
  appendFileSync(path, "er\n");
  expect(log.read()).toBe("newer\n");
  log.skipToEnd();
  appendFileSync(path, "newest\n");
  expect(log.read()).toBe("newest\n");
});
