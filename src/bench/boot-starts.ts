// Machines alike, with 512 MiB: one with our image, and those that its boot is held against.
import { parseBootTimes } from "../boot-times/times.ts";
import { runPath } from "../release/run-files.ts";
import { becomeReady } from "../vm/cluster.ts";
import type { Accelerator, MachineOptions } from "../vm/machine-options.ts";
import { handOverOf, type OurBoot } from "./boot-figures.ts";
import { type BenchImage, bootMachine, startLimit } from "./contender.ts";

const MEMORY_MIB = 512;

/** A fresh copy of the disk, from power-on to Ready. */
export async function bootOurs(image: BenchImage, accelerator: Accelerator): Promise<OurBoot> {
  const startedMs = performance.now();
  const cluster = await bootMachine("boot-ours", image, plainMachine(accelerator));
  await using machine = cluster.machine;
  await becomeReady(cluster, startLimit);
  const readySeconds = (performance.now() - startedMs) / 1000;
  const where = runPath("boot.json");
  const parts = parseBootTimes(await machine.succeed(`cat ${where}`), where);
  return { readySeconds, ...handOverOf(parts) };
}

/** A machine that only says how long its kernel had run; returns those seconds. */
export async function bootOther(
  name: string,
  image: BenchImage,
  accelerator: Accelerator,
  kernel: MachineOptions["kernel"],
): Promise<number> {
  const options = { ...plainMachine(accelerator), ...(kernel && { kernel }) };
  const { machine: booted } = await bootMachine(`boot-${name}`, image, options);
  await using machine = booted;
  const [, seconds] = await machine.waitForConsole(/^bench: up (\d+\.\d\d)\s/m, startLimit);
  return Number(seconds);
}

function plainMachine(accelerator: Accelerator) {
  return { memoryMiB: MEMORY_MIB, readOnlyDisks: [], accelerator };
}
