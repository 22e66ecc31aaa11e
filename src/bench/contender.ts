// A machine whose engine is not its supervisor's but the benchmark's to start and stop, or the peer in its place.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildAll } from "../image/build.ts";
import { prepareQemu } from "../kit/kit.ts";
import type { BuiltImage, Kit } from "../lib/built.ts";
import { replaceFile } from "../lib/files.ts";
import { buildPath } from "../lib/paths.ts";
import { adminKubeconfig } from "../release/engine.ts";
import { apiGuestPort, type Cluster, writeKubeconfig } from "../vm/cluster.ts";
import { type Machine, startMachine } from "../vm/machine.ts";
import type { Accelerator, MachineOptions } from "../vm/machine-options.ts";
import { makeOverlay } from "../vm/overlay.ts";
import { chooseForwards } from "../vm/ports.ts";
import { type Counters, parseCounters } from "./counters.ts";
import type { Start } from "./figures.ts";
import { waitForApi, waitForNode } from "./ready.ts";

/** Generous: software emulation on a busy machine. */
export const startLimit = { timeoutMs: 600_000 };
const stopLimit = { timeoutMs: 180_000 };

const benchSerial = "bench";

const contenders = {
  engine: { start: "start-engine", state: "/var/lib/kubesolo" },
  peer: { start: "start-peer", state: "/data/peer" },
} as const;

/** The built image, and the QEMU that its machines run in. */
export type BenchImage = BuiltImage & Pick<Kit, "qemu">;

export type ContenderName = keyof typeof contenders;

export interface Contender extends Cluster {
  readonly name: ContenderName;
}

export async function buildBenchImage(): Promise<BenchImage> {
  return { ...(await buildAll()), qemu: await prepareQemu() };
}

/** A machine of its own in build/bench/NAME, with the built image's disk. */
export async function bootMachine(
  name: string,
  image: BenchImage,
  options: Pick<MachineOptions, "memoryMiB" | "readOnlyDisks" | "kernel" | "accelerator"> &
    Partial<Pick<MachineOptions, "offline">>,
  guestPorts: readonly number[] = [apiGuestPort],
): Promise<Cluster> {
  const directory = buildPath("bench", name);
  rmSync(directory, { recursive: true, force: true });
  replaceFile(join(directory, "README"), `The benchmark's machine "${name}".\n`);
  const { qemu, diskImage } = image;
  const machine = await startMachine({
    qemu,
    directory,
    disk: await makeOverlay(qemu, diskImage, join(directory, "disk.qcow2")),
    cpus: 2,
    firmware: "bios",
    forwards: await chooseForwards(guestPorts),
    offline: true,
    ...options,
  });
  return { machine, kubectl: image.kubectl, kubeconfig: join(directory, "kubeconfig") };
}

export async function bootContender(
  name: ContenderName,
  image: BenchImage,
  peerDisk: string,
  accelerator: Accelerator,
): Promise<Contender> {
  return { ...(await bootWithBench(name, image, peerDisk, accelerator)), name };
}

/** Without its engine; the disk, which has the benchmark's programs in `guest`, is on /run/bench. */
export async function bootWithBench(
  name: string,
  image: BenchImage,
  disk: string,
  accelerator: Accelerator,
): Promise<Cluster> {
  const readOnlyDisks = [{ path: disk, serial: benchSerial }];
  const cluster = await bootMachine(name, image, { memoryMiB: 1024, readOnlyDisks, accelerator });
  try {
    await cluster.machine.succeed(
      `disk=$(grep -lx ${benchSerial} /sys/block/*/serial) && mkdir -p /run/bench &&
       mount -t squashfs -o ro "/dev/$(basename "\${disk%/serial}")" /run/bench`,
      startLimit,
    );
    await cluster.machine.succeed(guestProgram("prepare"), startLimit);
  } catch (error) {
    await cluster.machine.crash();
    throw error;
  }
  return cluster;
}

/** Starts it, with the state that is there, and waits for Ready. */
export async function measureStart(contender: Contender, say: (what: string) => void): Promise<Start> {
  const { machine, name } = contender;
  const { start, state } = contenders[name];
  say("starting");
  const startedMs = performance.now();
  const [since = 0, ticks = 0] = (await machine.succeed(guestProgram(start), startLimit))
    .trim()
    .split(" ")
    .map(Number);
  await writeKubeconfig(contender, startLimit, adminKubeconfig(state));
  say("waiting for the API server");
  await waitForApi(contender, startLimit);
  if (name === "peer") await machine.succeed(guestProgram("start-peer-node"), startLimit);
  say("waiting for the node");
  await waitForNode(contender, since, startLimit);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const { cpuSeconds, machineCpuSeconds, processes } = await readCounters(machine);
  return { cpuSeconds, machineCpuSeconds: machineCpuSeconds - ticks / 100, wallSeconds, processes };
}

export async function stop({ machine }: Contender): Promise<void> {
  await machine.succeed(guestProgram("stop"), stopLimit);
}

/** Forgets all state: the next start is a first one. */
export async function clean({ machine }: Contender): Promise<void> {
  await machine.succeed(guestProgram("clean"), stopLimit);
}

export async function readCounters(machine: Machine): Promise<Counters> {
  return parseCounters(await machine.succeed(guestProgram("counters")));
}

export function guestProgram(name: string): string {
  return `/run/bench/guest/${name}`;
}
