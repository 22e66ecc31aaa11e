// Boots fresh machines, one after the other, and looks each time whether its node gets Ready.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { apiGuestPort, becomeReady, type Cluster } from "../vm/cluster.ts";
import { type Machine, startMachine } from "../vm/machine.ts";
import type { MachineOptions } from "../vm/machine-options.ts";
import { makeOverlay } from "../vm/overlay.ts";
import { chooseForwards } from "../vm/ports.ts";
import type { Boot } from "./boot-summary.ts";

export interface BootOptions {
  readonly count: number;
  /** Host path: the last machine's files, and the console log of each that failed. */
  readonly directory: string;
  /** Host path; never written to. */
  readonly diskImage: string;
  /** Host path. */
  readonly kubectl: string;
  /** Host path, as in a machine's options. */
  readonly qemu: string;
  readonly machine: Pick<MachineOptions, "memoryMiB" | "diskBus" | "networkCard" | "accelerator">;
}

const limit = { timeoutMs: 300_000 };

/** Goes on after a boot that failed, so that a row of them tells how rare that is. */
export async function boots(options: BootOptions, report: (boot: Boot) => void): Promise<void> {
  using interrupts = catchInterrupts();
  rmSync(options.directory, { recursive: true, force: true });
  for (let number = 1; number <= options.count; number += 1) {
    const directory = join(options.directory, "machine");
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const startedMs = performance.now();
    await using machine = await startMachine(await planMachine(options, directory));
    const cluster = { machine, kubectl: options.kubectl, kubeconfig: join(directory, "kubeconfig") };
    const why = await interrupts.race(whyNotReady(cluster));
    const seconds = (performance.now() - startedMs) / 1000;
    if (why === undefined) report({ is: "ready", seconds });
    if (why !== undefined) report({ is: "failed", why, consoleLog: keepLog(options, machine, number) });
  }
}

async function planMachine(options: BootOptions, directory: string): Promise<MachineOptions> {
  const { qemu } = options;
  return {
    ...options.machine,
    qemu,
    directory,
    disk: await makeOverlay(qemu, options.diskImage, join(directory, "disk.qcow2")),
    readOnlyDisks: [],
    cpus: 2,
    firmware: "bios",
    forwards: await chooseForwards([apiGuestPort]),
    offline: true,
  };
}

/** Why it doesn't, if it doesn't. */
async function whyNotReady(cluster: Cluster): Promise<string | undefined> {
  try {
    await becomeReady(cluster, limit);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function keepLog(options: BootOptions, machine: Machine, number: number): string {
  const path = join(options.directory, `console-${number}.log`);
  copyFileSync(machine.console.path, path);
  return path;
}
