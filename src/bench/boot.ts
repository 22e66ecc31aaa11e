// `make bench-boot`: how fast our image starts and how fast it is built. Read it top to bottom; docs/benchmarks.md says
// what the figures mean.

import { statSync } from "node:fs";
import { build, makePlan } from "../image/build.ts";
import { readSourceCommit } from "../lib/commit.ts";
import { replaceFile } from "../lib/files.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import type { Accelerator } from "../vm/machine-options.ts";
import { measureAssembly, measureRebuilds } from "./boot-builds.ts";
import { type BootMeasured, type BootResult, type OurBoot, planBootResult } from "./boot-figures.ts";
import { bootOther, bootOurs } from "./boot-starts.ts";
import { makeOtherSystems, type OtherSystems } from "./boot-systems.ts";
import { type BenchImage, buildBenchImage } from "./contender.ts";
import { Findings } from "./findings.ts";

export interface BootBenchOptions {
  /** How often each machine is booted; the medians count. */
  readonly rounds: number;
}

export async function benchBoot({ rounds }: BootBenchOptions): Promise<BootResult> {
  using interrupts = catchInterrupts();
  using findings = new Findings(buildPath("bench/boot-rounds.jsonl"));
  const isoBytes = await interrupts.race(weighIso());
  const image = await interrupts.race(buildBenchImage());
  const others = await interrupts.race(step("a bare kernel, a Debian with systemd", makeOtherSystems));
  const assembleSeconds = await interrupts.race(measureAssembly());
  findings.add("assembly", { seconds: assembleSeconds });
  // To its end whatever comes: it changes a source, and changes it back.
  const rebuildSeconds = await measureRebuilds();
  for (const seconds of rebuildSeconds) findings.add("rebuild", { seconds });

  const accelerator = await findAccelerator(image, buildPath("accelerator.json"));
  const boots = await interrupts.race(measureBoots(image, others, accelerator, findings, rounds));

  const result = planBootResult({
    commit: await readSourceCommit(),
    date: new Date().toISOString(),
    accelerator,
    ...boots,
    isoBytes,
    assembleSeconds,
    rebuildSeconds,
  });
  replaceFile(buildPath("bench/boot.json"), `${JSON.stringify(result, null, 2)}\n`);
  findings.complete();
  return result;
}

/** The one for ordinary boxes: it has the most drivers. */
async function weighIso(): Promise<number> {
  const { files } = await build(makePlan(["iso"], "hardware"));
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

/** In turns, so that what else the host does hits all alike. */
async function measureBoots(
  image: BenchImage,
  { bare, systemd, systemdDisk }: OtherSystems,
  accelerator: Accelerator,
  findings: Findings,
  rounds: number,
): Promise<Pick<BootMeasured, "ours" | "bareSeconds" | "systemdSeconds">> {
  const ours: OurBoot[] = [];
  const bareSeconds: number[] = [];
  const systemdSeconds: number[] = [];
  const debian = { ...image, diskImage: systemdDisk };
  for (let round = 1; round <= rounds; round += 1) {
    const boot = await step(`512 MiB, to Ready ${round}`, () => bootOurs(image, accelerator));
    ours.push(findings.add("ours", boot));
    const bareUp = await step(`bare kernel ${round}`, () => bootOther("bare", image, accelerator, bare));
    bareSeconds.push(findings.add("bare kernel", { seconds: bareUp }).seconds);
    const systemdUp = await step(`systemd ${round}`, () =>
      bootOther("systemd", debian, accelerator, systemd),
    );
    systemdSeconds.push(findings.add("systemd", { seconds: systemdUp }).seconds);
    log(`  kernel's start to the engine ${boot.handOverSeconds} s, bare ${bareUp} s, systemd ${systemdUp} s`);
  }
  return { ours, bareSeconds, systemdSeconds };
}
