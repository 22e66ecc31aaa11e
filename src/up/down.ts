// `make down`: ends the machine of `make up`, as gently as it lets us.
import { rmSync } from "node:fs";
import { step } from "../lib/log.ts";
import { attachMachine, type Machine } from "../vm/machine.ts";
import { takeLock } from "./lock.ts";
import { lockPath, machineDirectory } from "./up.ts";

/** The engine gets 90 s to end; under software emulation the rest takes its time too. */
const shutdownMs = 150_000;

/** Returns what to print. */
export async function down({ clean }: { readonly clean: boolean }): Promise<string> {
  using _lock = takeLock(lockPath);
  const machine = await attachMachine(machineDirectory);
  const ended = machine === undefined ? "no machine is running" : await endMachine(machine);
  if (!clean) return ended;
  rmSync(machineDirectory, { recursive: true, force: true });
  return `${ended}; its disk is removed`;
}

async function endMachine(machine: Machine): Promise<string> {
  const how = await step("shut down", () => machine.shutdown({ timeoutMs: shutdownMs }));
  if (how === "clean") return "the machine has shut down";
  return `the machine did not shut down within ${shutdownMs / 1000} s and was killed`;
}
