// `bin/kubesolo-os power-cut`: the lives of machines are recorded, and the plug is pulled at every flush of each. docs/reliability.md says what
// came of it.
import { join } from "node:path";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { type Equipment, readEquipment } from "../vm/equipment.ts";
import { type Cut, chooseKept, flushBoundaries, writesAfter } from "../vm/recording/power-cut.ts";
import { openReplay, type Replay } from "../vm/recording/replay.ts";
import { makeReleases } from "../vm/update-releases.ts";
import { bootCut, type End } from "./boot.ts";
import { type Life, lifeDirectory, readLife } from "./life.ts";
import { type LifeName, lives, recordOf } from "./lives.ts";
import { acknowledgedAt, type Doing, scenarios } from "./marks.ts";
import { Inspector } from "./offline/inspector.ts";
import { countBoundaries, planTasks, type Task, type Wish } from "./plan.ts";
import { addResult, type Result, readResults } from "./results.ts";

export interface Order extends Wish {
  /** Ends then, with what it has; the next run goes on. */
  readonly minutes: number;
  /** Records anew what is recorded already. */
  readonly isAnew: boolean;
}

export const lifeNames = Object.keys(lives) as LifeName[];

export function resultsPath(name: LifeName): string {
  return buildPath("power-cut", `${name}.results.jsonl`);
}

/** All results there are of the lives with these scenarios; `report` is told of each new one. */
export async function cutPower(
  order: Order,
  report: (result: Result, left: number) => void,
): Promise<Result[]> {
  using interrupts = catchInterrupts();
  const deadline = Date.now() + order.minutes * 60_000;
  const { second } = await step("releases to update to", () => makeReleases());
  const equipment = await readEquipment();
  const results: Result[] = [];
  for (const name of lifeNames) {
    if (!lives[name].some((scenario) => order.scenarios.includes(scenario))) continue;
    const life =
      (order.isAnew ? undefined : readLife(name, equipment.imageId)) ??
      (await interrupts.race(step(`record the life "${name}"`, () => recordOf(name, equipment, second))));
    await interrupts.race(cutLife(name, life, equipment, { order, deadline, report }));
    results.push(...readResults(resultsPath(name), life.date));
  }
  return results;
}

interface Run {
  readonly order: Order;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly report: (result: Result, left: number) => void;
}

async function cutLife(
  name: LifeName,
  life: Life,
  equipment: Equipment,
  { order, deadline, report }: Run,
): Promise<void> {
  const folder = lifeDirectory(name);
  using replay = await openReplay(equipment.qemu, life.recording, join(folder, "cut.img"));
  const boundaries = flushBoundaries(replay.writes);
  const tasks = planTasks(boundaries, life.marks, order, readResults(resultsPath(name), life.date));
  const counts = Object.entries(countBoundaries(boundaries, life.marks)).map(
    ([of, count]) => `${of} ${count}`,
  );
  log(
    `  ${name}: ${replay.writes.length} writes; flushes: ${counts.join(", ")}; ${tasks.length} looks to do`,
  );
  const inspector = new Inspector(equipment, replay, life.marks, join(folder, "taken-out"));
  for (const [index, task] of tasks.entries()) {
    if (Date.now() >= deadline) {
      log(`  ${name}: the time is up; ${tasks.length - index} of its cuts are left`);
      return;
    }
    const problems = await look(task, { replay, boundaries, inspector, equipment, life });
    const objects = acknowledgedAt(life.marks, task.cut).length;
    const result = { recorded: life.date, ...task, objects, problems: [...problems] };
    addResult(resultsPath(name), result);
    report(result, tasks.length - index - 1);
  }
}

interface Place {
  readonly replay: Replay;
  readonly boundaries: readonly Cut[];
  readonly inspector: Inspector;
  readonly equipment: Equipment;
  readonly life: Life;
}

/** What is wrong when the power is cut there. */
async function look(
  { cut, scenario, look: how, seed = 0 }: Task,
  { replay, boundaries, inspector, equipment, life }: Place,
): Promise<readonly string[]> {
  inspector.moveTo(cut);
  const { slots, isMended }: Doing = scenarios[scenario];
  const boot = (end: End) =>
    bootCut(equipment, replay.diskPath, join(lifeDirectory(life.name), `boot-${end}-${cut}`), {
      ...{ end, slots, names: acknowledgedAt(life.marks, cut) },
    });
  const decided = (problems: readonly string[]) =>
    problems.length > 0 && isMended ? boot("ready") : problems;
  if (how === "offline") return decided((await inspector.look()).problems);
  if (how === "stages" || how === "ready") return boot(how);
  const kept = chooseKept(writesAfter(replay.writes, boundaries, cut), how, seed);
  const { problems } = await inspector.with(kept);
  return replay.withSectors(kept, async () => decided(problems));
}
