// `make bench-engine`: what the engine costs, beside the ordinary way to run the same Kubernetes. Read it top to
// bottom; docs/benchmarks.md says what the figures mean.
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { buildAll } from "../image/build.ts";
import { prepareTools } from "../image/debian/packages.ts";
import { makeSquashfs } from "../image/filesystems.ts";
import { engineFiles } from "../image/rootfs.ts";
import { makeKit } from "../kit/kit.ts";
import type { BuiltImage, Kit } from "../lib/built.ts";
import { readSourceCommit } from "../lib/commit.ts";
import { replaceFile } from "../lib/files.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { makeTree } from "../tree/tree.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import type { Accelerator } from "../vm/machine-options.ts";
import {
  type BenchImage,
  bootContender,
  type Contender,
  type ContenderName,
  clean,
  measureStart,
  readCounters,
  stop,
} from "./contender.ts";
import {
  type Idle,
  idleBetween,
  type Load,
  type Measured,
  type Memory,
  type Pair,
  planResult,
  type Result,
  type Start,
} from "./figures.ts";
import { Findings } from "./findings.ts";
import { bootWithNginx, measureSmallest, readMemory } from "./memory.ts";
import { makePeerDisk } from "./peer.ts";
import { measureRestartMemory } from "./restart-memory.ts";

export interface BenchOptions {
  /** How often each start is measured; the median counts. */
  readonly rounds: number;
  /** How long the machines idle; CPU and writes are taken over the second half. */
  readonly idleMinutes: number;
}

export async function benchEngine(options: BenchOptions): Promise<Result> {
  using interrupts = catchInterrupts();
  const built = { ...(await interrupts.race(buildAll())), ...(await interrupts.race(makeKit())) };
  const peerDisk = await interrupts.race(makePeerDisk());
  const accelerator = await findAccelerator(built, buildPath("accelerator.json"));
  using findings = new Findings(buildPath("bench/engine-rounds.jsonl"));
  const squashfsBytes = await interrupts.race(weigh(built));
  findings.add("the engine's squashfs", { bytes: squashfsBytes });
  const ready384 = await interrupts.race(
    step("384 MiB: power-on to Ready", () => measureSmallest(built, 384, accelerator)),
  );
  findings.add("384 MiB", typeof ready384 === "number" ? { seconds: ready384 } : { why: ready384 });

  const boot = (name: ContenderName) =>
    step(`${name}: boot`, () => bootContender(name, built, peerDisk, accelerator));
  const engine = await boot("engine");
  await using _engine = engine.machine;
  const peer = await boot("peer");
  await using _peer = peer.machine;
  const starts = await interrupts.race(measureStarts({ engine, peer }, findings, options.rounds));
  const idle = await interrupts.race(measureIdle({ engine, peer }, built, accelerator, options));

  // After the machines: a sandbox's engine is measured alone.
  await engine.machine.crash();
  await peer.machine.crash();
  const restartMemory = await interrupts.race(measureRestarts(built, findings));

  const result = planResult({
    commit: await readSourceCommit(),
    date: new Date().toISOString(),
    accelerator,
    ...starts,
    ...idle,
    restartMemory,
    ready384,
    squashfsBytes,
  });
  replaceFile(buildPath("bench/result.json"), `${JSON.stringify(result, null, 2)}\n`);
  findings.complete();
  return result;
}

/** All that the engine brings along, compressed as it is in the root. */
async function weigh(image: BuiltImage): Promise<number> {
  const tools = await prepareTools();
  const output = buildPath("bench/engine.squashfs");
  await step("the engine's squashfs", () =>
    makeSquashfs(makeTree(engineFiles(image.systemImages)), output, tools),
  );
  return statSync(output).size;
}

/** In turns, so that what else the host does hits both alike. */
async function measureStarts(
  pair: Pair<Contender>,
  findings: Findings,
  rounds: number,
): Promise<Pick<Measured, "first" | "restart">> {
  const first = { engine: [] as Start[], peer: [] as Start[] };
  const restart = { engine: [] as Start[], peer: [] as Start[] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of ["engine", "peer"] as const) {
      const starts = await measureRound(pair[name], round);
      first[name].push(findings.add(`${name}: first start`, starts.first));
      restart[name].push(findings.add(`${name}: restart`, starts.restart));
    }
  }
  return { first, restart };
}

async function measureRound(contender: Contender, round: number): Promise<{ first: Start; restart: Start }> {
  const measure = async (what: string): Promise<Start> => {
    const start = await step(`${contender.name}: ${what} ${round}`, (say) => measureStart(contender, say));
    log(`  ${start.cpuSeconds.toFixed(1)} CPU-seconds in ${start.wallSeconds.toFixed(1)} s`);
    await stop(contender);
    return start;
  };
  await clean(contender);
  return { first: await measure("first start"), restart: await measure("restart") };
}

async function measureRestarts(
  built: BuiltImage & Kit,
  findings: Findings,
): Promise<Measured["restartMemory"]> {
  const measure = async (load: Load) =>
    findings.add(`restart, ${load}`, await measureRestartMemory(built, load));
  return {
    empty: await measure("empty"),
    "110 pods": await measure("110 pods"),
    "63 CRDs": await measure("63 CRDs"),
    "305 CRDs": await measure("305 CRDs"),
    "operators' CRDs": await measure("operators' CRDs"),
  };
}

/** Both idle side by side, and with them a small machine that runs nginx. */
async function measureIdle(
  { engine, peer }: Pair<Contender>,
  image: BenchImage & Pick<Kit, "nginxArchive">,
  accelerator: Accelerator,
  { idleMinutes }: BenchOptions,
): Promise<{ idle: Pair<Idle>; memory: Memory }> {
  for (const contender of [engine, peer]) {
    await step(`${contender.name}: start, to idle`, (say) => measureStart(contender, say));
  }
  const small = await step("512 MiB: boot and nginx", () => bootWithNginx(image, 512, accelerator));
  await using machine = small.machine;
  const half = (idleMinutes * 60_000) / 2;
  return await step(`idle for ${idleMinutes} minutes`, async () => {
    await sleep(half);
    const before = { engine: await readSettled(engine), peer: await readSettled(peer) };
    await sleep(half);
    const idle = {
      engine: idleBetween(before.engine, await readSettled(engine)),
      peer: idleBetween(before.peer, await readSettled(peer)),
    };
    return { idle, memory: await readMemory(machine, idleMinutes) };
  });
}

/** With all that was written on its way to the disk. */
async function readSettled({ machine }: Contender) {
  await machine.succeed("sync");
  return readCounters(machine);
}
