// Starts QEMU so that it lives on when this process ends.
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { startDetached } from "../lib/detached.ts";
import { programArgs } from "../lib/locked-tools.ts";
import type { ProcessId } from "../lib/process.ts";
import { makeFirmwareVariables } from "./firmware.ts";
import type { MachineOptions } from "./machine-options.ts";
import { machineFiles, planQemuArgs } from "./qemu-args.ts";

/** Starts it from power-on, or paused where a machine was saved: `memory` is that file's host path. */
export async function launchQemu(options: MachineOptions, memory?: string): Promise<ProcessId> {
  const { directory } = options;
  for (const name of [machineFiles.channel, machineFiles.console, machineFiles.qmp]) {
    await rm(join(directory, name), { force: true });
  }
  if (options.firmware === "uefi")
    makeFirmwareVariables(options.qemu, join(directory, machineFiles.firmwareVariables));
  const args = [
    ...programArgs(options.qemu, "qemu-system-x86_64"),
    ...planQemuArgs(options),
    ...(memory === undefined ? [] : ["-incoming", `exec:cat ${quote(memory)}`]),
  ];
  const qemuLog = await open(join(directory, machineFiles.qemuLog), "a");
  try {
    await qemuLog.write(`+ ${args.join(" ")}\n`);
    return await startDetached(args, { cwd: directory, output: qemuLog.fd });
  } finally {
    await qemuLog.close();
  }
}

/** For the shell that QEMU gives the command of a migration to. */
export function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
