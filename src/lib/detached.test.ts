import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startDetached } from "./detached.ts";
import { isRunning } from "./process.ts";
import { becomesTrue } from "./wait.ts";

const folder = mkdtempSync(join(tmpdir(), "detached-"));
const log = join(folder, "log");
const output = openSync(log, "w");

afterAll(() => {
  closeSync(output);
  rmSync(folder, { recursive: true });
});

test("a program runs in a session of its own, with what it was given", async () => {
  const script = 'cut -d " " -f 1,6 /proc/$$/stat; pwd; echo "$word"; exec sleep 60';
  const program = await startDetached(["/bin/sh", "-c", script], {
    cwd: folder,
    output,
    environment: { PATH: "/usr/bin:/bin", word: "given" },
  });
  expect(isRunning(program)).toBe(true);
  const all = `${program.pid} ${program.pid}\n${folder}\ngiven\n`;
  expect(await becomesTrue(() => readFileSync(log, "utf8") === all, { timeoutMs: 10_000 })).toBe(true);
  process.kill(program.pid, "SIGKILL");
  expect(await becomesTrue(() => !isRunning(program), { timeoutMs: 10_000 })).toBe(true);
});

test("one that is missing is named", async () => {
  await expect(startDetached(["/nothing/here"], { cwd: folder, output })).rejects.toThrow(
    'program "/nothing/here" is not installed',
  );
});
