// `bin/kubesolo-os lives`: lives of the simulator's steps on machines, one after the other; each goes on from one machine that is Ready.
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readSourceCommit } from "../lib/commit.ts";
import { catchInterrupts, type Interrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { describeStep } from "../proof/simulator/step.ts";
import { type Equipment, guestPorts, readEquipment } from "../vm/equipment.ts";
import { chooseForwards } from "../vm/ports.ts";
import { type ReleaseServer, startReleaseServer } from "../vm/release-server.ts";
import { restoreMachine } from "../vm/saved-machine.ts";
import { findStateCopies } from "../vm/state-copies.ts";
import { releases as releasesFolder } from "../vm/update-releases.ts";
import { prepareSaved } from "./beginning.ts";
import { type LifeBox, stepLimit } from "./box.ts";
import { choosePlan, isCut, type Plan } from "./choose.ts";
import { liveOnMachine } from "./life.ts";
import { type LifeRelease, makeLifeReleases } from "./releases.ts";
import { addResult, type LifeResult, readResults, WHOLE_LIFE } from "./results.ts";

export interface Order {
  readonly lives: number;
  /** Of a life, at most. */
  readonly steps: number;
  /** Of the first one. */
  readonly seed: number;
  /** No life begins afterwards. */
  readonly minutes: number;
  /** Lives anew what was lived already. */
  readonly isAnew: boolean;
}

interface Place {
  readonly equipment: Equipment;
  readonly web: ReleaseServer;
  readonly releases: readonly LifeRelease[];
  readonly copies: readonly number[];
  /** The folder of the machine that is Ready. */
  readonly saved: string;
}

const root = buildPath("lives");

/** Results of all that were asked for, and have been lived by now. */
export async function liveMachines(order: Order): Promise<LifeResult[]> {
  using interrupts = catchInterrupts();
  const deadline = Date.now() + order.minutes * 60_000;
  const plans = Array.from({ length: order.lives }, (_, index) =>
    choosePlan(order.seed + index, order.steps),
  );
  const isLived = (plan: Plan, results: readonly LifeResult[]) =>
    results.some((result) => isOf(result, plan));
  const before = order.isAnew ? [] : readResults();
  const due = plans.filter((plan) => !isLived(plan, before));
  if (due.length > 0) await liveAll(due, deadline, interrupts);
  return readResults().filter((result) => plans.some((plan) => isOf(result, plan)));
}

/** What was chosen otherwise, of the same seed, is another life. */
function isOf(result: LifeResult, { steps }: Plan): boolean {
  return result.steps.join() === steps.map(describeStep).join();
}

async function liveAll(due: readonly Plan[], deadline: number, interrupts: Interrupts): Promise<void> {
  const releases = await interrupts.race(step("releases to live with", () => makeLifeReleases()));
  const equipment = await readEquipment();
  const web = await startReleaseServer(releasesFolder);
  using _web = { [Symbol.dispose]: () => web.server.close() };
  const saved = await interrupts.race(
    step("a machine that is Ready, to begin with", () => prepareSaved(equipment, root)),
  );
  const copies = findStateCopies(equipment.diskImage);
  const commit = await readSourceCommit();
  for (const [index, plan] of due.entries()) {
    if (Date.now() >= deadline) {
      log(`  the time is up; ${due.length - index} lives are left`);
      return;
    }
    const { seed } = plan;
    const steps = plan.steps.map(describeStep);
    const startedMs = performance.now();
    log(`  life ${seed}: ${steps.join("; ")}`);
    const broken = await liveOne(plan, { equipment, web, releases, copies, saved }, interrupts);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    log(`  life ${seed}: ${broken ?? WHOLE_LIFE}, ${seconds} s; ${due.length - index - 1} left`);
    addResult({
      ...{ seed, cuts: plan.steps.some(isCut), steps, outcome: broken ?? WHOLE_LIFE, seconds, commit },
      date: new Date().toISOString(),
    });
  }
}

async function liveOne(
  plan: Plan,
  { equipment, web, releases, copies, saved }: Place,
  interrupts: Interrupts,
) {
  const directory = join(root, "machine");
  rmSync(directory, { recursive: true, force: true });
  await using machine = await restoreMachine(
    saved,
    { directory, forwards: await chooseForwards(guestPorts) },
    stepLimit,
  );
  const cluster = { machine, kubectl: equipment.kubectl, kubeconfig: join(directory, "kubeconfig") };
  const box: LifeBox = {
    ...{ cluster, url: web.url, releases, copies },
    published: [true],
    clock: undefined,
    pace: 1,
  };
  const broken = await interrupts.race(liveOnMachine(box, plan));
  if (broken === undefined) return undefined;
  const kept = join(root, `console-${plan.seed}.log`);
  copyFileSync(machine.console.path, kept);
  return `${broken}\n  its console: ${kept}`;
}
