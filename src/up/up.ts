// `make up`: from the sources to a running node with nginx on it. Read it top to bottom.
import { join } from "node:path";
import { makeNginxArchive, prepareQemu } from "../kit/kit.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import {
  apiGuestPort,
  type Cluster,
  hostPortOf,
  kubectl,
  waitForReady,
  writeKubeconfig,
} from "../vm/cluster.ts";
import { lastLines } from "../vm/console.ts";
import { attachMachine, type Machine, startMachine } from "../vm/machine.ts";
import type { Firmware } from "../vm/machine-options.ts";
import { deployNginx, nginxDisk, nginxGuestPort, waitForNginx } from "../vm/nginx.ts";
import { checkPortFree } from "../vm/ports.ts";
import { machineFiles } from "../vm/qemu-args.ts";
import { buildMachineImage } from "./build.ts";
import { machineDisk, prepareDisk, readDiskRecord } from "./disk.ts";
import { takeLock } from "./lock.ts";
import { describeMachine } from "./summary.ts";

export interface UpOptions {
  readonly apiPort: number;
  readonly httpPort: number;
  readonly memoryMiB: number;
  readonly firmware: Firmware;
}

/** Everything about the one machine of `make up`. */
export const machineDirectory = buildPath("machine");
/** Beside the machine, not in it: `down --clean` removes that. */
export const lockPath = buildPath("machine.lock");

const cpus = 2;

/** Brings the machine up, or finds it running; returns what to print. Interrupted, it leaves nothing running. */
export async function up(options: UpOptions): Promise<string> {
  using interrupts = catchInterrupts();
  using _lock = takeLock(lockPath);
  const running = await attachMachine(machineDirectory);
  if (running !== undefined) return await interrupts.race(checkRunning(running));

  await checkPortFree(options.apiPort, "choose another with --api-port or KUBESOLO_API_PORT");
  await checkPortFree(options.httpPort, "choose another with --http-port or KUBESOLO_HTTP_PORT");
  const image = await interrupts.race(buildMachineImage());
  const nginxArchive = await interrupts.race(makeNginxArchive());
  const qemu = await interrupts.race(prepareQemu());
  const diskIs = await interrupts.race(prepareDisk(machineDirectory, image));
  // These two are waited for even when interrupted: each has started a QEMU that somebody must end.
  const accelerator = await findAccelerator({ qemu, kernel: image.kernel }, buildPath("accelerator.json"));

  await using machine = await startMachine({
    qemu,
    directory: machineDirectory,
    disk: { path: machineDisk(machineDirectory), format: "raw" },
    readOnlyDisks: [nginxDisk(nginxArchive)],
    memoryMiB: options.memoryMiB,
    cpus,
    firmware: options.firmware,
    accelerator,
    forwards: [
      { hostPort: options.apiPort, guestPort: apiGuestPort },
      { hostPort: options.httpPort, guestPort: nginxGuestPort },
    ],
    offline: false,
  });
  const summary = await interrupts.race(bringUp(machine, image.kubectl, diskIs !== "keep"));
  machine.detach();
  return summary;
}

/** A machine that an earlier `up` left running, whether or not that one came to its end. */
async function checkRunning(machine: Machine): Promise<string> {
  log(`the machine is running already (pid ${machine.pid}): checking it`);
  // A kernel that panicked once, as an update's may, has been left since.
  machine.console.skipToEnd();
  const record = readDiskRecord(machineDirectory);
  if (record === undefined) throw new Error("a machine runs without a record of its disk");
  const summary = await bringUp(machine, record.kubectl, false);
  machine.detach();
  return summary;
}

/** From power-on to a page from nginx. Whatever is done already is not done again. */
export async function bringUp(machine: Machine, kubectlPath: string, isNewSystem: boolean): Promise<string> {
  const kubeconfig = join(machine.directory, "kubeconfig");
  const cluster: Cluster = { machine, kubectl: kubectlPath, kubeconfig };

  await step("boot", (say) => waitForGuest(machine, say));
  await step("kubeconfig", () => writeKubeconfig(cluster, { timeoutMs: 180_000 }));
  await step("node Ready", (say) => waitForReady(cluster, { timeoutMs: 300_000 }, say));
  if (isNewSystem || !(await isDeployed(cluster)))
    await step("deploy nginx", () => deployNginx(cluster, { timeoutMs: 180_000 }));
  await step("nginx answers", (say) => {
    say("waiting for its page");
    return waitForNginx(cluster, { timeoutMs: 180_000 });
  });

  return describeMachine({
    httpPort: hostPortOf(machine, nginxGuestPort),
    apiPort: hostPortOf(machine, apiGuestPort),
    kubeconfig,
    kubectl: kubectlPath,
    consoleLog: join(machine.directory, machineFiles.consoleLog),
  });
}

/** Shows how far the boot has come: the last line of its console. */
async function waitForGuest(machine: Machine, say: (what: string) => void): Promise<void> {
  const timer = setInterval(() => say(lastLines(machine.console.read(), 1).join("")), 1000);
  try {
    await machine.until("true", { timeoutMs: 180_000 });
  } finally {
    clearInterval(timer);
  }
}

async function isDeployed(cluster: Cluster): Promise<boolean> {
  const args = [
    "get",
    "deployment",
    "nginx",
    "--namespace",
    "default",
    "--ignore-not-found",
    "--output",
    "name",
  ];
  return (await kubectl(cluster, ...args)).trim() !== "";
}
