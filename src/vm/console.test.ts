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

const reason = "Kernel panic - not syncing: Fatal exception";
const race = `[ 1.1] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\r\n[ 1.1] RIP: 0010:enqueue_timer\r\n[ 1.2] ${reason}\r\n`;

test.each([
  ["a panic with its reason", `booting\r\n[ 1.2] ${reason}\r\nrebooting`, reason],
  ["the first of two", `${reason}\r\nKernel panic - not syncing: another\r\n`, reason],
  ["one by a breakpoint in the kernel's code, whatever comes after it", `${race}booted\r\n`, reason],
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

test("letters that are more than a byte may come in pieces, and what is none hides nothing", () => {
  const path = join(folder, "letters.log");
  const log = new ConsoleLog(path, 0);
  const [first = 0, ...rest] = Buffer.from("█▀");
  writeFileSync(path, Buffer.from([first]));
  expect(log.read()).toBe("");
  appendFileSync(path, Buffer.from([...rest, 0xff]));
  appendFileSync(path, " booted\n");
  expect(log.read()).toBe("█▀\ufffd booted\n");
});
