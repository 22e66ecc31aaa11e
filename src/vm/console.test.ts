import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ConsoleLog, cleanConsole, findPanics, lastLines } from "./console.ts";

const folder = mkdtempSync(join(tmpdir(), "console-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("console text loses terminal control, carriage returns and blank lines", () => {
  expect(cleanConsole("\x1b[2J\x1b[01;32mGRUB\x1b[0m\r\n\r\n  \x1b[1;1Hmenu\r\n")).toBe("GRUB\n  menu");
});

test("the last lines are the last that say something", () => {
  expect(lastLines("a\r\nb\r\n\r\nc\r\n", 2)).toEqual(["b", "c"]);
});

const panic = "[ 1.2] Kernel panic - not syncing: Fatal exception\r\n";
const own = "Kernel panic - not syncing: Fatal exception";
const race = `[ 1.1] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\r\n[ 1.1] RIP: 0010:enqueue_timer\r\n${panic}`;
const fault = `[ 1.1] Oops: 0002 [#1] PREEMPT SMP NOPTI\r\n${panic}`;

test.each([
  ["a panic with its reason", panic, true, { own, emulators: 0 }],
  ["a kernel that merely mentions panics", "Kernel command line: panic=10\r\n", true, { emulators: 0 }],
  ["a breakpoint that emulation left behind", `${race}${race}booted\r\n`, true, { emulators: 2 }],
  ["the same with a real processor", race, false, { own, emulators: 0 }],
  ["another fault in an emulated machine", fault, true, { own, emulators: 0 }],
  ["another fault after emulation's", `${race}${fault}`, true, { own, emulators: 1 }],
  ["a panic without a fault after emulation's", `${race}${panic}`, true, { own, emulators: 1 }],
])("%s", (_, text, isEmulated, found) => {
  expect(findPanics(text, isEmulated)).toEqual(found);
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
