// A machine's disk whose writes are noted while it is used, and afterwards looked at as power cuts would have left it.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readBuiltImage, readKit } from "../../src/lib/built.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { DISK_BYTES } from "../../src/power-cut/lives.ts";
import { type Mark, type Scenario, scenarioAt, scenarioNames } from "../../src/power-cut/marks.ts";
import { Inspector } from "../../src/power-cut/offline/inspector.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { chooseKept, flushBoundaries, spread, writesAfter } from "../../src/vm/recording/power-cut.ts";
import { countWrites, makeRecordedDisk, type Recording } from "../../src/vm/recording/recording.ts";
import { openReplay } from "../../src/vm/recording/replay.ts";
import { imageTools } from "./machine-under-test.ts";

export interface RecordedDisk {
  readonly disk: MachineOptions["disk"];
  readonly recording: Recording;
  /** What was reached, in order. */
  readonly marks: Mark[];
  readonly directory: string;
}

/** Over the disk of an image, the folder of which `image` is below build; it lies in build/test/NAME. */
export async function makeRecorded(name: string, image: string): Promise<RecordedDisk> {
  const directory = buildPath("test", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const base = { path: readBuiltImage(image).diskImage, format: "raw" } as const;
  const { disk, recording } = await makeRecordedDisk(readKit().qemu, base, DISK_BYTES, directory);
  return { disk, recording, marks: [{ is: "begin", at: 0, scenario: "first-boot" }], directory };
}

export function begin({ recording, marks }: RecordedDisk, scenario: Scenario): void {
  marks.push({ is: "begin", at: countWrites(recording), scenario });
}

/** The cluster has said that it has this object. */
export function acknowledge({ recording, marks }: RecordedDisk, name: string): void {
  marks.push({ is: "acknowledged", at: countWrites(recording), name });
}

export interface Sample {
  readonly looks: number;
  readonly problems: readonly string[];
}

/** Of each scenario, `count` flushes evenly spread: the disk as it was there, and with some of what came next. */
export async function lookAtCuts(
  { recording, marks, directory }: RecordedDisk,
  count: number,
): Promise<Sample> {
  const { qemu, python } = readKit();
  using replay = await openReplay(qemu, recording, join(directory, "cut.img"));
  const inspector = new Inspector(
    { qemu, python, tools: imageTools() },
    replay,
    marks,
    join(directory, "taken-out"),
  );
  const boundaries = flushBoundaries(replay.writes);
  const of = (scenario: Scenario) => boundaries.filter((cut) => scenarioAt(marks, cut) === scenario);
  const cuts = scenarioNames.flatMap((scenario) => spread(of(scenario), count)).sort((a, b) => a - b);
  const problems: string[] = [];
  for (const [index, cut] of cuts.entries()) {
    inspector.moveTo(cut);
    const how = index % 2 === 0 ? "torn" : "reordered";
    const looks = [
      await inspector.look(),
      await inspector.with(chooseKept(writesAfter(replay.writes, boundaries, cut), how, index)),
    ];
    const found = looks.flatMap((look) => look.problems);
    problems.push(
      ...found.map((problem) => `${scenarioAt(marks, cut)}, write ${cut}, ${how} ${index}: ${problem}`),
    );
  }
  return { looks: 2 * cuts.length, problems };
}
