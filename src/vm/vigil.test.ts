import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { UserError } from "../lib/errors.ts";
import { ConsoleLog } from "./console.ts";
import { EmulationPanic, type Watched, watch } from "./vigil.ts";

const directory = mkdtempSync(join(tmpdir(), "vigil-"));
afterAll(() => rmSync(directory, { recursive: true }));

const race = "Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\nKernel panic - not syncing: Fatal exception\n";

function machineWith(consoleText: string, isMeasured: boolean): Watched {
  const path = join(directory, "console.log");
  writeFileSync(path, consoleText);
  return { directory, console: new ConsoleLog(path, 0), isRunning: true, isEmulated: true, isMeasured };
}

const workLonger = () => sleep(100, "done");

test("work goes on in a machine whose kernel emulation made panic", async () => {
  expect(await watch(machineWith(race, false), workLonger)).toBe("done");
});

test("unless it is measured", async () => {
  await expect(watch(machineWith(race, true), workLonger)).rejects.toThrow(EmulationPanic);
});

test("a panic of the kernel's own ends it in any machine", async () => {
  const error = await watch(machineWith("Kernel panic - not syncing: x\n", true), workLonger).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect(error).not.toBeInstanceOf(EmulationPanic);
  expect(error.message).toContain("the guest's kernel died: Kernel panic - not syncing: x");
});
