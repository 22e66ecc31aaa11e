// `make bench-config`: what a node's configuration costs, beside Debian's cloud-init on the same file in the same machine.
// docs/benchmarks.md says what the figures mean.
import { mkdirSync } from "node:fs";
import { prepareGroup, prepareTools } from "../image/debian/packages.ts";
import { makeSquashfs } from "../image/filesystems.ts";
import { readSourceCommit } from "../lib/commit.ts";
import { replaceFile } from "../lib/files.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { hostFolder } from "../tree/host.ts";
import { makeTree, symlink } from "../tree/tree.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import type { Cluster } from "../vm/cluster.ts";
import type { Machine } from "../vm/machine.ts";
import type { Accelerator } from "../vm/machine-options.ts";
import {
  type ConfigurationResult,
  type Pass,
  parsePass,
  planConfigurationResult,
} from "./configuration-figures.ts";
import { type BenchImage, bootWithBench, buildBenchImage, guestProgram, startLimit } from "./contender.ts";
import { Findings } from "./findings.ts";

export interface ConfigurationBenchOptions {
  /** How often each is measured, after one pass that isn't counted; the median counts. */
  readonly rounds: number;
}

const PROGRAMS = ["agent", "cloud-init"] as const;
type Program = (typeof PROGRAMS)[number];

export async function benchConfiguration({
  rounds,
}: ConfigurationBenchOptions): Promise<ConfigurationResult> {
  using interrupts = catchInterrupts();
  const image = await interrupts.race(buildBenchImage());
  const disk = await interrupts.race(makeDisk());
  const accelerator = await findAccelerator(image, buildPath("accelerator.json"));
  using findings = new Findings(buildPath("bench/configuration-rounds.jsonl"));
  const { machine: booted } = await bootWithBoth(image, disk, accelerator);
  await using machine = booted;
  const passes = await interrupts.race(measure(machine, findings, rounds));
  const result = planConfigurationResult({
    commit: await readSourceCommit(),
    date: new Date().toISOString(),
    accelerator,
    agent: passes.agent,
    cloudInit: passes["cloud-init"],
  });
  replaceFile(buildPath("bench/configuration.json"), `${JSON.stringify(result, null, 2)}\n`);
  findings.complete();
  return result;
}

/** Debian's cloud-init with all that it needs, the file, and the benchmark's own programs. */
async function makeDisk(): Promise<string> {
  const debian = await step("fetch cloud-init", (say) => prepareGroup("cloud-init", say));
  const tree = makeTree([
    ...["bin", "sbin", "lib", "lib64"].map((folder) => symlink(`root/${folder}`, `usr/${folder}`)),
    ...hostFolder("root", debian),
    ...hostFolder("guest", sourcePath("src/bench/guest")),
    ...hostFolder("configuration", sourcePath("src/bench/configuration")),
  ]);
  const disk = buildPath("bench/cloud-init.squashfs");
  mkdirSync(buildPath("bench"), { recursive: true });
  const tools = await prepareTools();
  await step("cloud-init's disk", () => makeSquashfs(tree, disk, tools));
  return disk;
}

/**
 * A machine in which each program was run once, which isn't counted: Python compiles what it imports at the first pass, as
 * Debian's packages do when they are installed.
 */
async function bootWithBoth(image: BenchImage, disk: string, accelerator: Accelerator): Promise<Cluster> {
  const cluster = await step("boot", () => bootWithBench("configuration", image, disk, accelerator));
  try {
    await cluster.machine.succeed(guestProgram("prepare-configuration"), startLimit);
    for (const program of PROGRAMS) await pass(cluster.machine, program, "not counted");
  } catch (error) {
    await cluster.machine.crash();
    throw error;
  }
  return cluster;
}

/** In turns, so that what else the host does hits both alike. */
async function measure(
  machine: Machine,
  findings: Findings,
  rounds: number,
): Promise<Record<Program, Pass[]>> {
  const passes: Record<Program, Pass[]> = { agent: [], "cloud-init": [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const program of PROGRAMS) {
      passes[program].push(findings.add(program, await pass(machine, program, String(round))));
    }
  }
  return passes;
}

async function pass(machine: Machine, program: Program, what: string): Promise<Pass> {
  const measured = await step(`${program}: pass ${what}`, async () =>
    parsePass(await machine.succeed(`${guestProgram("configure")} ${program}`, startLimit)),
  );
  log(`  ${measured.cpuSeconds.toFixed(2)} CPU-seconds, ${measured.peakMiB} MiB`);
  return measured;
}
