// A disk as a power cut left it, booted: to where the data are there, or to Ready with what the cluster had said it has.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import type { Slot } from "../release/boot-state.ts";
import { becomeReady, type Cluster, kubectl } from "../vm/cluster.ts";
import { type Equipment, guestPorts } from "../vm/equipment.ts";
import { startMachine } from "../vm/machine.ts";
import { makeOverlay } from "../vm/overlay.ts";
import { chooseForwards } from "../vm/ports.ts";

export type End = "stages" | "ready";

const limit = { timeoutMs: 420_000 };

/** What is wrong after it, if anything. `directory`, a host path, holds the machine; the disk stays as it is. */
export async function bootCut(
  { qemu, machine: options, kubectl: program }: Equipment,
  disk: string,
  directory: string,
  wanted: { readonly end: End; readonly slots: readonly Slot[]; readonly names: readonly string[] },
): Promise<string[]> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const overlay = await makeOverlay(qemu, disk, join(directory, "disk.qcow2"));
  await using machine = await startMachine({
    ...options,
    directory,
    disk: overlay,
    forwards: await chooseForwards(guestPorts),
  });
  const cluster = { machine, kubectl: program, kubeconfig: join(directory, "kubeconfig") };
  try {
    return await (wanted.end === "stages" ? lookAtStages(cluster, wanted) : lookAtCluster(cluster, wanted));
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}

/** All stages are done, the data partition is mounted, and both copies of the state are what a running system leaves. */
async function lookAtStages(cluster: Cluster, { slots }: { slots: readonly Slot[] }): Promise<string[]> {
  const { machine } = cluster;
  await machine.until("test -e /run/kubesolo-os/engine.state", limit);
  const booted = await machine.succeed("cat /run/kubesolo-os/cmdline; grep ' /data ' /proc/mounts", limit);
  const status = await machine.execute("kubesolo-os-agent status", limit);
  const slot = /^kubesolo\.slot=(.)$/m.exec(booted)?.[1];
  return [
    ...(slots.some((each) => each === slot) ? [] : [`slot ${slot} has booted, not ${slots.join(" or ")}`]),
    ...(/\/data ext4 rw/.test(booted) ? [] : [`the data partition isn't mounted: ${booted}`]),
    ...(status.exitCode === 0 ? [] : [`status: ${status.stderr}`]),
  ];
}

async function lookAtCluster(
  cluster: Cluster,
  wanted: { slots: readonly Slot[]; names: readonly string[] },
): Promise<string[]> {
  await becomeReady(cluster, limit);
  const found = (await kubectl(cluster, "get", "configmaps", "--output", "name")).split("\n");
  const lost = wanted.names.filter((name) => !found.includes(`configmap/${name}`));
  const problems = lost.length === 0 ? [] : [`acknowledged and lost: ${lost.join(", ")}`];
  return [...problems, ...(await lookAtStages(cluster, wanted))];
}
