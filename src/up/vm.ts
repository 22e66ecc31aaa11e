// `kubesolo-os vm`: a machine of these sources at this terminal. Read it top to bottom.
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, makePlan } from "../image/build.ts";
import { prepareTools } from "../image/debian/packages.ts";
import { makeFat } from "../image/filesystems.ts";
import { prepareQemu } from "../kit/kit.ts";
import { readBuiltImage } from "../lib/built.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { log } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { hostFile, makeTree } from "../tree/tree.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import { apiGuestPort, writeKubeconfig } from "../vm/cluster.ts";
import { attachMachine, type Machine, startMachine } from "../vm/machine.ts";
import type { Firmware, PortForward } from "../vm/machine-options.ts";
import { findFreePort } from "../vm/ports.ts";
import { attachTerminal, KEYS } from "../vm/terminal.ts";
import { type Medium, media } from "./media.ts";

export interface VmOptions {
  readonly medium: Medium;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly firmware: Firmware;
  /** Words for the kernel command line. */
  readonly words: readonly string[];
  /** Host paths by NoCloud's names. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly forwards: readonly PortForward[];
  /** Whether the disk is there again next time. */
  readonly isKept: boolean;
}

/** Time for pods to end. */
const shutdownMs = 150_000;
const kubeconfigMs = 3_600_000;

export async function runVm(options: VmOptions, signal: AbortSignal): Promise<void> {
  const { medium, memoryMiB, cpus, firmware, isKept } = options;
  const directory = buildPath("vm", medium);
  const {
    files: [output = ""],
  } = await build(makePlan([...new Set([medium, "disk" as const])], "vm"));
  const image = readBuiltImage();
  const [qemu, tools] = [await prepareQemu(), await prepareTools()];
  if (!isKept) rmSync(directory, { recursive: true, force: true });
  const starts = await media[medium]({ ...options, directory, image, output, qemu, tools });
  const forwards = await withApi(options.forwards);
  await using machine = await startMachine({
    ...{ qemu, directory, memoryMiB, cpus, firmware, forwards, ...starts },
    readOnlyDisks: await configurationDisk(directory, options.configuration, tools),
    accelerator: await findAccelerator({ qemu, kernel: image.kernel }, buildPath("accelerator.json")),
    offline: false,
  });
  const kubeconfig = join(directory, "kubeconfig");
  log(describe(options, forwards, { kubeconfig, kubectl: image.kubectl }));
  // Beside the console: nobody waits for it, and a machine that never gets that far is looked at, not an error.
  fetchKubeconfig(directory, kubeconfig, image.kubectl).catch(() => {});
  const how = await attachTerminal(directory, signal);
  await end(machine, how, isKept);
  if (!isKept) rmSync(directory, { recursive: true, force: true });
}

/** By a channel of its own, which is let go of: a machine has one, for whoever comes. */
async function fetchKubeconfig(directory: string, kubeconfig: string, kubectl: string): Promise<void> {
  const machine = await attachMachine(directory);
  if (machine === undefined) return;
  await writeKubeconfig({ machine, kubectl, kubeconfig }, { timeoutMs: kubeconfigMs });
  machine.detach();
}

/** A disk that is kept is let go of gently. */
async function end(machine: Machine, how: "left" | "gone", isKept: boolean): Promise<void> {
  if (how === "gone") {
    await machine.waitForExit({ timeoutMs: 10_000 });
    log("\nthe machine is off");
    return;
  }
  log(
    isKept ? "\nshutting the machine down, for its disk is kept" : "\nthe machine is off, its disk is gone",
  );
  if (isKept)
    log(
      `it ${(await machine.shutdown({ timeoutMs: shutdownMs })) === "clean" ? "has shut down" : "was killed"}`,
    );
}

async function withApi(forwards: readonly PortForward[]): Promise<PortForward[]> {
  if (forwards.some(({ guestPort }) => guestPort === apiGuestPort)) return [...forwards];
  return [...forwards, { hostPort: await findFreePort(), guestPort: apiGuestPort }];
}

/** A volume such as a stick with the label CIDATA; none without files. */
async function configurationDisk(
  directory: string,
  files: VmOptions["configuration"],
  tools: Tools,
): Promise<{ path: string; serial: string }[]> {
  const names = Object.keys(files);
  if (names.length === 0) return [];
  const path = join(directory, "configuration.img");
  const sizeBytes = 4 * 2 ** 20;
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, "");
  truncateSync(path, sizeBytes);
  const tree = makeTree(names.map((name) => hostFile(name, files[name] as string, 0o644)));
  await makeFat(tree, { image: path, offsetBytes: 0, sizeBytes }, { label: "CIDATA", bits: 12 }, tools);
  return [{ path, serial: "configuration" }];
}

function describe(
  { medium, firmware, memoryMiB }: VmOptions,
  forwards: readonly PortForward[],
  { kubeconfig, kubectl }: { readonly kubeconfig: string; readonly kubectl: string },
): string {
  return [
    `machine     ${medium}, ${firmware}, ${memoryMiB} MiB; ${KEYS}`,
    ...forwards.map(({ hostPort, guestPort }) => `port        127.0.0.1:${hostPort} is its ${guestPort}`),
    `kubeconfig  export KUBECONFIG=${kubeconfig}   (once the node has one)`,
    `kubectl     ${kubectl}`,
  ].join("\n");
}
