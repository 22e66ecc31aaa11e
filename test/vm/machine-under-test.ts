// The built image in a fresh machine. The image itself is never booted: its disk stays as it was built.
import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { errorCode, UserError } from "../../src/lib/errors.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { findAccelerator } from "../../src/vm/accelerator.ts";
import {
  apiGuestPort,
  type Cluster,
  hostPortOf,
  importImages,
  kubectl,
  waitForPage,
  waitForReady,
  writeKubeconfig,
} from "../../src/vm/cluster.ts";
import { startMachine } from "../../src/vm/machine.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { makeOverlay } from "../../src/vm/overlay.ts";
import { findFreePort } from "../../src/vm/ports.ts";

/** What the factory wrote about the image; see BuiltImage in src/image/build.ts. */
const Image = v.object({
  diskImage: v.string(),
  version: v.string(),
  kernel: v.string(),
  nginxArchive: v.string(),
  busyboxArchive: v.string(),
  kubectl: v.string(),
  stockKubectl: v.string(),
});

export const nginxManifest = sourcePath("examples/nginx/nginx.yaml");
const nginxGuestPort = 30080;
const nginxSerial = "nginx";
export const busyboxSerial = "busybox";

/** Generous: software emulation on a busy machine. */
export const bootLimit = { timeoutMs: 300_000 };
export const podLimit = { timeoutMs: 180_000 };

/**
 * Powers on a machine of its own, in build/test/NAME, where its console log stays. `prepare` may change its disk, an
 * overlay, before.
 */
export async function bootImage(
  name: string,
  change: Partial<MachineOptions> = {},
  prepare: (overlay: string) => Promise<unknown> = async () => {},
): Promise<Cluster> {
  const image = readImage();
  const directory = buildPath("test", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const disk = await makeOverlay(image.diskImage, join(directory, "disk.qcow2"));
  await prepare(disk.path);
  const machine = await startMachine({
    directory,
    disk,
    readOnlyDisks: [
      { path: image.nginxArchive, serial: nginxSerial },
      { path: image.busyboxArchive, serial: busyboxSerial },
    ],
    memoryMiB: 1024,
    cpus: 2,
    firmware: "bios",
    accelerator: await findAccelerator(image.kernel, buildPath("accelerator.json")),
    forwards: [
      { hostPort: await findFreePort(), guestPort: apiGuestPort },
      { hostPort: await findFreePort(), guestPort: nginxGuestPort },
    ],
    // A first boot needs no network.
    offline: true,
    ...change,
  });
  return { machine, kubectl: image.kubectl, kubeconfig: join(directory, "kubeconfig") };
}

/** The disk image as it was built, to be looked at and never written. */
export function builtDisk(): string {
  return readImage().diskImage;
}

/** The same cluster, seen with a kubectl of another version and another maker. */
export function withStockKubectl(cluster: Cluster): Cluster {
  return { ...cluster, kubectl: readImage().stockKubectl };
}

/** Waits for this boot's Ready. */
export async function becomeReady(cluster: Cluster): Promise<void> {
  await writeKubeconfig(cluster, bootLimit);
  await waitForReady(cluster, bootLimit);
}

export async function deployNginx(cluster: Cluster): Promise<void> {
  await importImages(cluster.machine, nginxSerial, podLimit);
  await kubectl(cluster, "apply", "--filename", nginxManifest);
}

/** The page as somebody outside the machine sees it. */
export function nginxAnswers({ machine }: Cluster): Promise<void> {
  return waitForPage(machine, `http://127.0.0.1:${hostPortOf(machine, nginxGuestPort)}`, "nginx", podLimit);
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

function readImage(): v.InferOutput<typeof Image> {
  const path = buildPath("image", "image.json");
  try {
    return v.parse(Image, JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    throw new UserError(`no image to test: there is no "${path}"`, { hint: "run `make build` first" });
  }
}
