import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { findProcess, isRunning } from "./process.ts";

test("a process is known by its pid and its start", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const found = findProcess(child.pid ?? 0);
  if (found === undefined) throw new Error("sleep was not found");
  expect(isRunning(found)).toBe(true);
  expect(isRunning({ ...found, startTicks: found.startTicks - 1 })).toBe(false);
  child.kill();
  await once(child, "exit");
  expect(isRunning(found)).toBe(false);
  expect(findProcess(found.pid)).toBeUndefined();
});
