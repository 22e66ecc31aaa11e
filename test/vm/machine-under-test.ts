// The built image in a fresh machine. The image itself is never booted: its disk stays as it was built.
import { appendFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readBuiltImage, readKit } from "../../src/lib/built.ts";
import { makeTools, type Tools } from "../../src/lib/locked-tools.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { findAccelerator } from "../../src/vm/accelerator.ts";
import {
  apiGuestPort,
  becomeReady,
  type Cluster,
  importImages,
  kubectl,
  writeKubeconfig,
} from "../../src/vm/cluster.ts";
import { type Machine, startMachine } from "../../src/vm/machine.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { deployNginx, nginxDisk, nginxGuestPort, waitForNginx } from "../../src/vm/nginx.ts";
import { makeOverlay } from "../../src/vm/overlay.ts";
import { chooseForwards } from "../../src/vm/ports.ts";
import { restoreMachine, saveMachine } from "../../src/vm/saved-machine.ts";
import { waitOn } from "../../src/vm/vigil.ts";

const guestPorts = [apiGuestPort, nginxGuestPort];
export const busyboxSerial = "busybox";

/** Generous: software emulation on a busy machine. */
export const bootLimit = { timeoutMs: 300_000 };
export const podLimit = { timeoutMs: 180_000 };

/** What is unusual about a machine besides its own options. */
interface Unusual {
  readonly profile?: "vm" | "hardware";
  /** The folder of another image below build. */
  readonly image?: string;
  /** May change its disk, an overlay, before it is powered on. */
  readonly prepare?: (overlay: string) => Promise<unknown>;
}

/** Powers on a machine of its own, in build/test/NAME, where its console log stays. */
export async function bootImage(
  name: string,
  change: Partial<MachineOptions> = {},
  {
    profile = "vm",
    image: folder = profile === "vm" ? "image" : "image-hardware",
    prepare = async () => {},
  }: Unusual = {},
): Promise<Cluster> {
  const image = readBuiltImage(folder);
  const { nginxArchive, busyboxArchive, qemu } = readKit();
  const directory = buildPath("test", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const disk = await makeOverlay(qemu, image.diskImage, join(directory, "disk.qcow2"));
  await prepare(disk.path);
  const machine = await startMachine({
    qemu,
    directory,
    disk,
    readOnlyDisks: [nginxDisk(nginxArchive), { path: busyboxArchive, serial: busyboxSerial }],
    memoryMiB: 1024,
    cpus: 2,
    firmware: "bios",
    accelerator: await findAccelerator({ qemu, kernel: image.kernel }, buildPath("accelerator.json")),
    forwards: await chooseForwards(guestPorts),
    // A first boot needs no network.
    offline: true,
    ...change,
  });
  return { machine, kubectl: image.kubectl, kubeconfig: join(directory, "kubeconfig") };
}

/**
 * A machine with nginx and the pod `client` running, seen with Debian's kubectl. It is booted once and saved; each call
 * goes on from there with a machine of its own, in build/test/NAME. For what a machine does later, not for how it boots.
 */
export async function restoreDeployed(name: string, { offline = true } = {}): Promise<Cluster> {
  const saved = buildPath(
    "test/saved",
    `${readBuiltImage().imageId.slice(0, 12)}-${basename(readKit().qemu)}`,
  );
  if (!existsSync(join(saved, "machine.json"))) {
    rmSync(dirname(saved), { recursive: true, force: true }); // of others; each takes half a gigabyte
    await saveDeployed(saved);
  }
  const directory = buildPath("test", name);
  rmSync(directory, { recursive: true, force: true });
  const machine = await restoreMachine(
    saved,
    { directory, forwards: await chooseForwards(guestPorts), offline },
    bootLimit,
  );
  const cluster = withStockKubectl({
    machine,
    kubectl: readBuiltImage().kubectl,
    kubeconfig: join(directory, "kubeconfig"),
  });
  await writeKubeconfig(cluster, bootLimit);
  await machine.until("kubesolo status", bootLimit);
  return cluster;
}

async function saveDeployed(folder: string): Promise<void> {
  const cluster = await bootImage("deployed");
  await using machine = cluster.machine;
  await becomeReady(cluster, bootLimit);
  await importImages(machine, busyboxSerial, podLimit);
  await deployNginx(cluster, podLimit);
  await kubectl(cluster, "apply", "--filename", manifestPath("client"));
  await waitForPod(cluster, "client");
  await waitForNginx(cluster, podLimit);
  await saveMachine(machine, folder, bootLimit);
}

/** All stages of a boot are done, with the data there. */
export async function waitForStages(machine: Machine): Promise<void> {
  await machine.until(
    "test -e /run/kubesolo-os/engine.state && grep ' /data ext4 rw' /proc/mounts",
    bootLimit,
  );
}

/** The disk image as it was built, to be looked at and never written. */
export function builtDisk(): string {
  return readBuiltImage().diskImage;
}

/** What QEMU can start it from without its loader; host paths. `image`: the folder of another one below build. */
export function builtKernel(image?: string): { path: string; initramfs: string; commandLine: string } {
  const { kernel, initramfs, kernelArgs } = readBuiltImage(image);
  return { path: kernel, initramfs, commandLine: kernelArgs };
}

/** Host paths of Debian's registry, and of an image to put into it. */
export function registryProgram(): { program: string; archive: string } {
  const { registry, nginxArchive } = readKit();
  return { program: registry, archive: nginxArchive };
}

/** The tools that the image was made with. */
export function imageTools(): Tools {
  return makeTools(readKit().tools, Math.floor(Date.now() / 1000));
}

/** The words that start an NTP server on this host. */
export function timeServerProgram(): readonly string[] {
  return readKit().timeServer;
}

/** The same cluster, seen with a kubectl of another version and another maker. */
export function withStockKubectl(cluster: Cluster): Cluster {
  return { ...cluster, kubectl: readKit().stockKubectl };
}

/** Host path of a file in test/vm/manifests. */
export function manifestPath(name: string): string {
  return sourcePath("test/vm/manifests", `${name}.yaml`);
}

/** Waits for a pod of the namespace "default" to be ready. */
export async function waitForPod(cluster: Cluster, name: string): Promise<void> {
  const timeout = `--timeout=${podLimit.timeoutMs / 1000}s`;
  await kubectl(cluster, "wait", "--for=condition=Ready", `pod/${name}`, timeout);
}

/** Runs kubectl until it prints what fits. */
export function untilPrints(cluster: Cluster, args: readonly string[], pattern: RegExp): Promise<true> {
  const fits = (printed: string | undefined) => printed !== undefined && pattern.test(printed);
  return untilResult(cluster, args, `to print ${pattern}`, fits);
}

export function untilFails(cluster: Cluster, args: readonly string[]): Promise<true> {
  return untilResult(cluster, args, "to fail", (printed) => printed === undefined);
}

function untilResult(
  cluster: Cluster,
  args: readonly string[],
  what: string,
  isRight: (printed: string | undefined) => boolean,
): Promise<true> {
  let last: string | undefined;
  return waitOn(cluster.machine, {
    what: () => `kubectl ${args.join(" ")} ${what}; last: ${last ?? "it failed"}`,
    ...podLimit,
    attempt: async () => {
      last = await kubectl(cluster, ...args).catch(() => undefined);
      return isRight(last) ? true : undefined;
    },
    everyMs: 500,
  });
}

/** kubectl's arguments: the pod `client` asks nginx, at its Service's full name or an address. */
export function askNginx(host = "nginx.default.svc.cluster.local"): string[] {
  return ["exec", "client", "--", "wget", "-T", "5", "-qO-", `http://${host}`];
}

/** Runs some work and keeps how many seconds it took, in build/test/results.txt too. */
export async function measure<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await work();
  const line = `${what}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  console.log(`result: ${line}`);
  appendFileSync(buildPath("test", "results.txt"), `${new Date().toISOString()} ${line}\n`);
  return result;
}
