// Small machines as a person would run them: the supervisor's engine, nothing of the benchmark inside.
import type { Kit } from "../lib/built.ts";
import { UserError } from "../lib/errors.ts";
import { apiGuestPort, becomeReady, type Cluster } from "../vm/cluster.ts";
import type { Machine } from "../vm/machine.ts";
import type { Accelerator, MachineOptions } from "../vm/machine-options.ts";
import { deployNginx, nginxDisk, nginxGuestPort, waitForNginx } from "../vm/nginx.ts";
import { type BenchImage, bootMachine, startLimit } from "./contender.ts";
import { type Memory, round } from "./figures.ts";

/** Where cluster DNS listens. Its Service is for pods: this machine has no default route, and so no way to Services. */
const clusterDns = "10.42.0.1";

/** Seconds from power-on to Ready, or why the node did not get there. */
export async function measureSmallest(
  image: BenchImage,
  memoryMiB: number,
  accelerator: Accelerator,
): Promise<number | string> {
  const startedMs = performance.now();
  const cluster = await bootMachine(`ready-${memoryMiB}`, image, {
    memoryMiB,
    readOnlyDisks: [],
    accelerator,
  });
  await using _machine = cluster.machine;
  try {
    await becomeReady(cluster, startLimit);
    return round((performance.now() - startedMs) / 1000, 1);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** A machine that is Ready and serves a page from a pod. */
export async function bootWithNginx(
  image: BenchImage & Pick<Kit, "nginxArchive">,
  memoryMiB: number,
  accelerator: Accelerator,
  more: Partial<Pick<MachineOptions, "offline">> = {},
): Promise<Cluster> {
  const readOnlyDisks = [nginxDisk(image.nginxArchive)];
  const ports = [apiGuestPort, nginxGuestPort];
  const cluster = await bootMachine(
    "nginx",
    image,
    { memoryMiB, readOnlyDisks, accelerator, ...more },
    ports,
  );
  try {
    await becomeReady(cluster, startLimit);
    await deployNginx(cluster, startLimit);
    await waitForNginx(cluster, startLimit);
  } catch (error) {
    await cluster.machine.crash();
    throw error;
  }
  return cluster;
}

export async function readMemory(machine: Machine, idleMinutes: number): Promise<Memory> {
  // First of all: what follows takes memory itself.
  const meminfo = await machine.succeed("cat /proc/meminfo");
  const mebibytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo)?.[1]) / 1024;
  const kills = await machine.execute("dmesg | grep -c 'Killed process'");
  const lookup = await machine.execute(`nslookup kubernetes.default.svc.cluster.local ${clusterDns}`);
  return {
    usedMiB: round(mebibytes("MemTotal") - mebibytes("MemAvailable"), 1),
    totalMiB: round(mebibytes("MemTotal"), 1),
    swapMiB: mebibytes("SwapTotal"),
    idleMinutes,
    answersDns: lookup.exitCode === 0,
    outOfMemoryKills: Number(kills.stdout),
  };
}
