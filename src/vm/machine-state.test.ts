import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { MachineOptions } from "./machine-options.ts";
import { type MachineState, readMachineState, writeMachineState } from "./machine-state.ts";

const directory = mkdtempSync(join(tmpdir(), "machine-state-"));
afterAll(() => rmSync(directory, { recursive: true }));

const options: MachineOptions = {
  qemu: "/qemu",
  directory,
  disk: { path: "/disk.img", format: "raw" },
  readOnlyDisks: [],
  memoryMiB: 1024,
  cpus: 2,
  firmware: "bios",
  accelerator: "tcg",
  forwards: [],
  offline: true,
};
const state: MachineState = { process: { pid: 1, startTicks: 2 }, consoleOffset: 3, options };

test("there is none before a machine was started", async () => {
  expect(await readMachineState(directory)).toBeUndefined();
});

test("what was written is read", async () => {
  await writeMachineState(state);
  expect(await readMachineState(directory)).toEqual(state);
});

test("a machine that an earlier version left in the host's QEMU is found", async () => {
  await writeMachineState(state);
  const path = join(directory, "machine.json");
  const { qemu: _, ...earlier } = JSON.parse(readFileSync(path, "utf8")).options;
  writeFileSync(path, JSON.stringify({ ...state, options: earlier }));
  expect(await readMachineState(directory)).toEqual({ ...state, options: { ...options, qemu: "" } });
});
