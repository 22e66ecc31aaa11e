// Kubernetes' own conformance tests against the engine in a sandbox. Read it top to bottom.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { catchInterrupts } from "../lib/interrupt.ts";
import { step } from "../lib/log.ts";
import { sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { builtArchives } from "../sandbox/library.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { archivePath, packTestImages } from "./images.ts";
import { buildPrograms } from "./programs.ts";
import { registryPort } from "./registries.ts";
import type { SpecResult } from "./report.ts";
import { runSuite, type SuiteOptions } from "./suite.ts";

export interface SpecOptions extends Pick<SuiteOptions, "labels" | "names" | "processes" | "timeoutMinutes"> {
  /** Host path of the folder with the engine's programs. */
  readonly engine: string;
  /** Host path; what is there of an earlier run is removed. The node's log and the tests' stay. */
  readonly directory: string;
}

export interface ConformanceOptions extends SpecOptions {
  /** The tests' images that the specs need, "agnhost". */
  readonly images: readonly string[];
}

/** Where the device's kubelet has its directory: below the engine's default --path. */
const DEVICE_KUBELET_ROOT = "/var/lib/kubesolo/kubelet";

/** Runs the specs on a fresh node of their own. */
export async function runInSandbox(options: ConformanceOptions): Promise<SpecResult[]> {
  using interrupts = catchInterrupts();
  const images = await prepareTests(options.images);
  const directory = join(options.directory, "node");
  rmSync(directory, { recursive: true, force: true });
  await using sandbox = await startSandbox({
    directory,
    engine: options.engine,
    images: [...builtArchives(), ...images],
    flags: [],
    environment: {},
    name: "conformance",
  });
  await interrupts.race(step("engine ready", () => sandbox.waitForReady({ timeoutMs: 300_000 })));
  await interrupts.race(serveImages(sandbox, options));
  const cluster = {
    kubeconfig: sandbox.kubeconfig,
    enter: [sandbox.path("enter")],
    kubeletRoot: join(sandbox.path("state"), "kubelet"),
  };
  return await interrupts.race(runSpecs(options, cluster));
}

/** Starts a registry on the node, which ends with it: some specs pull images although the node has them. */
async function serveImages(sandbox: Sandbox, { directory, images }: ConformanceOptions): Promise<void> {
  const folder = join(directory, "registry");
  rmSync(folder, { recursive: true, force: true });
  for (const image of images) {
    mkdirSync(join(folder, image), { recursive: true });
    await run(["tar", "--extract", `--file=${archivePath(image)}`, `--directory=${join(folder, image)}`]);
  }
  const loader = sourcePath("node_modules/tsx/dist/loader.mjs");
  const program = sourcePath("src/conformance/registry.ts");
  const args = [process.execPath, "--import", loader, program, folder, String(registryPort)];
  sandbox.runAnyExit(args).catch(() => {}); // missing, it shows in the next line
  const ping = ["curl", "--silent", "--fail", `http://localhost:${registryPort}/v2/`];
  await sandbox.until(ping, { timeoutMs: 30_000 });
}

/** Runs the specs on a machine that is ready and has the images that `prepareTests` made. */
export function runOnDevice(options: SpecOptions, kubeconfig: string): Promise<SpecResult[]> {
  return runSpecs(options, { kubeconfig, enter: [], kubeletRoot: DEVICE_KUBELET_ROOT });
}

/** Makes the tests and their images; returns the archives' host paths. */
export async function prepareTests(images: readonly string[]): Promise<string[]> {
  await buildPrograms(images);
  return await step("pack the tests' images", () => packTestImages(images));
}

function runSpecs(
  options: SpecOptions,
  cluster: Pick<SuiteOptions, "kubeconfig" | "enter" | "kubeletRoot">,
): Promise<SpecResult[]> {
  const directory = join(options.directory, "suite");
  const kubectl = join(options.engine, "kubectl");
  return step("specs", (say) => runSuite({ ...options, ...cluster, directory, kubectl }, say));
}
