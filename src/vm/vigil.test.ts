import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { UserError } from "../lib/errors.ts";
import { ConsoleLog } from "./console.ts";
import { type Watched, watch } from "./vigil.ts";

const directory = mkdtempSync(join(tmpdir(), "vigil-"));
afterAll(() => rmSync(directory, { recursive: true }));

function machineWith(consoleText: string): Watched {
  const path = join(directory, "console.log");
  writeFileSync(path, consoleText);
  return { directory, console: new ConsoleLog(path, 0), isRunning: true };
}

const workLonger = () => sleep(100, "done");

test("work is done in a machine that runs", async () => {
  expect(await watch(machineWith("booting\n"), workLonger)).toBe("done");
});

test("a panic ends it", async () => {
  const error = await watch(machineWith("Kernel panic - not syncing: x\n"), workLonger).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toContain("the guest's kernel died: Kernel panic - not syncing: x");
});
