// Kubernetes' own conformance tests against the engine in a sandbox. Read it top to bottom.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeDriversArchive, registryProgram } from "../kit/kit.ts";
import { replaceFile } from "../lib/files.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { step } from "../lib/log.ts";
import { sourcePath } from "../lib/paths.ts";
import { curlArgs, prepareRegistry, pushImage, type Registry, waitForRegistry } from "../lib/registry.ts";
import { builtArchives } from "../sandbox/library.ts";
import { sandboxFiles } from "../sandbox/options.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { archivePath, packTestImages } from "./images.ts";
import { buildPrograms } from "./programs.ts";
import { registryPort } from "./registries.ts";
import type { SpecResult } from "./report.ts";
import { runSuite, type SuiteOptions } from "./suite.ts";

export interface SpecOptions
  extends Pick<SuiteOptions, "labels" | "names" | "omitted" | "processes" | "timeoutMinutes"> {
  /** Host path of the folder with the engine's programs. */
  readonly engine: string;
  /** Host path; what is there of an earlier run is removed. The node's log and the tests' stay. */
  readonly directory: string;
}

export interface ConformanceOptions extends SpecOptions {
  /** The tests' images that the specs need, "agnhost". */
  readonly images: readonly string[];
  /** Of the engine. */
  readonly flags?: readonly string[];
  /** The node gets the storage driver of src/kit/drivers, and the specs of drivers are made for it. */
  readonly hasDriver?: boolean;
}

/** Runs the specs on a fresh node of their own. */
export async function runInSandbox(options: ConformanceOptions): Promise<SpecResult[]> {
  using interrupts = catchInterrupts();
  const images = await prepareTests(options.images);
  if (options.hasDriver) images.push(await makeDriversArchive());
  const directory = join(options.directory, "node");
  rmSync(directory, { recursive: true, force: true });
  ignoreHostDisk(directory);
  await using sandbox = await startSandbox({
    directory,
    engine: options.engine,
    images: [...builtArchives(), ...images],
    flags: [...(options.flags ?? [])],
    environment: {},
    name: "conformance",
  });
  await interrupts.race(step("engine ready", () => sandbox.waitForReady({ timeoutMs: 300_000 })));
  await interrupts.race(serveImages(sandbox, options));
  if (options.hasDriver) await sandbox.kubectl("apply", "--filename", DRIVER_MANIFEST);
  const cluster = {
    kubeconfig: sandbox.kubeconfig,
    enter: [sandbox.path("enter")],
    testFlags: options.hasDriver ? [`--storage.testdriver=${DRIVER_DEFINITION}`] : [],
  };
  return await interrupts.race(runSpecs(options, cluster));
}

/** A CSI driver in the shape in which they are published, and what upstream's specs are told of it (test/e2e/storage/external). */
const DRIVER_MANIFEST = sourcePath("src/kit/drivers/drivers.yaml");
const DRIVER_DEFINITION = sourcePath("src/conformance/csi-driver.yaml");

/** A sandbox has the host's disk: where little of it is free, pods would be evicted, and the tests' images removed. */
function ignoreHostDisk(sandbox: string): void {
  const folder = join(sandbox, sandboxFiles.state, "kubelet/config.d");
  mkdirSync(folder, { recursive: true });
  const settings = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    evictionHard: { "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%" },
    imageGCHighThresholdPercent: 100,
  };
  replaceFile(join(folder, "10-host.conf"), JSON.stringify(settings));
}

/** Starts a registry on the node, which ends with it: some specs pull images although the node has them. */
async function serveImages(sandbox: Sandbox, { directory, images }: ConformanceOptions): Promise<void> {
  const folder = join(directory, "registry");
  rmSync(folder, { recursive: true, force: true });
  const program = await registryProgram();
  const address = `localhost:${registryPort}`;
  const registry: Registry = {
    url: `http://${address}`,
    curl: (...args) => sandbox.run([...curlArgs, ...args]),
    log: join(folder, "log"),
  };
  const command = prepareRegistry({ program, folder, address });
  sandbox.runAnyExit(command, { outputFile: registry.log }).catch(() => {}); // missing, it doesn't answer
  await waitForRegistry(registry);
  for (const image of images) await pushImage(registry, archivePath(image), `e2e/${image}`);
}

/** Runs the specs on a machine that is ready and has the images that `prepareTests` made. */
export function runOnDevice(options: SpecOptions, kubeconfig: string): Promise<SpecResult[]> {
  return runSpecs(options, { kubeconfig, enter: [] });
}

/** Makes the tests and their images; returns the archives' host paths. */
export async function prepareTests(images: readonly string[]): Promise<string[]> {
  await buildPrograms(images);
  return await step("pack the tests' images", () => packTestImages(images));
}

function runSpecs(
  options: SpecOptions,
  cluster: Pick<SuiteOptions, "kubeconfig" | "enter" | "testFlags">,
): Promise<SpecResult[]> {
  const directory = join(options.directory, "suite");
  const kubectl = join(options.engine, "kubectl");
  return step("specs", (say) => runSuite({ ...options, ...cluster, directory, kubectl }, say));
}
