// machine.json: what another process needs to find a machine that is running.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { errorCode } from "../lib/errors.ts";
import { MachineOptionsSchema } from "./machine-options.ts";
import { machineFiles } from "./qemu-args.ts";

const MachineStateSchema = v.object({
  process: v.object({ pid: v.number(), startTicks: v.number() }),
  /** Where in console.log this power-on begins. */
  consoleOffset: v.number(),
  options: MachineOptionsSchema,
});

export type MachineState = v.InferOutput<typeof MachineStateSchema>;

export async function readMachineState(directory: string): Promise<MachineState | undefined> {
  try {
    return v.parse(
      MachineStateSchema,
      JSON.parse(await readFile(join(directory, machineFiles.state), "utf8")),
    );
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaced in one step: a reader finds the old state or the new one. */
export async function writeMachineState(state: MachineState): Promise<void> {
  const path = join(state.options.directory, machineFiles.state);
  await writeFile(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${path}.new`, path);
}

export async function removeMachineState(directory: string): Promise<void> {
  await rm(join(directory, machineFiles.state), { force: true });
}
