// `bin/kubesolo-os lives`: lives of the simulator's steps on machines, one after the other; each goes on from one machine that is Ready.
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSourceCommit } from "../lib/commit.ts";
import { readPart } from "../lib/files.ts";
import { catchInterrupts, type Interrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { describeStep } from "../proof/simulator/step.ts";
import { partitionSizesMib, partitionStartMib } from "../release/partitions.ts";
import { becomeReady } from "../vm/cluster.ts";
import { type Equipment, guestPorts, readEquipment } from "../vm/equipment.ts";
import { startMachine } from "../vm/machine.ts";
import { makeOverlay } from "../vm/overlay.ts";
import { chooseForwards } from "../vm/ports.ts";
import { type ReleaseServer, startReleaseServer } from "../vm/release-server.ts";
import { restoreMachine, saveMachine } from "../vm/saved-machine.ts";
import { findStateCopiesIn } from "../vm/state-copies.ts";
import { releases as releasesFolder } from "../vm/update-releases.ts";
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

const mib = 2 ** 20;
const root = buildPath("lives");

/** Results of all that were asked for, and have been lived by now. */
export async function liveMachines(order: Order): Promise<LifeResult[]> {
  using interrupts = catchInterrupts();
  const deadline = Date.now() + order.minutes * 60_000;
  const seeds = Array.from({ length: order.lives }, (_, index) => order.seed + index);
  const isAsked = ({ seed, max_steps }: LifeResult) => seeds.includes(seed) && max_steps === order.steps;
  const lived = new Set(
    order.isAnew
      ? []
      : readResults()
          .filter(isAsked)
          .map(({ seed }) => seed),
  );
  const due = seeds.filter((seed) => !lived.has(seed));
  if (due.length > 0) await liveAll(due, order, deadline, interrupts);
  return readResults().filter(isAsked);
}

async function liveAll(
  due: readonly number[],
  order: Order,
  deadline: number,
  interrupts: Interrupts,
): Promise<void> {
  const releases = await interrupts.race(step("releases to live with", () => makeLifeReleases()));
  const equipment = await readEquipment();
  const web = await startReleaseServer(releasesFolder);
  using _web = { [Symbol.dispose]: () => web.server.close() };
  const saved = await prepareSaved(equipment, interrupts);
  const copies = findCopies(equipment.diskImage);
  const commit = await readSourceCommit();
  for (const [index, seed] of due.entries()) {
    if (Date.now() >= deadline) {
      log(`  the time is up; ${due.length - index} lives are left`);
      return;
    }
    const plan = choosePlan(seed, order.steps);
    const startedMs = performance.now();
    log(`  life ${seed}: ${plan.steps.map(describeStep).join("; ")}`);
    const broken = await liveOne(plan, { equipment, web, releases, copies, saved }, interrupts);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    log(`  life ${seed}: ${broken ?? WHOLE_LIFE}, ${seconds} s; ${due.length - index - 1} left`);
    addResult({
      ...{ seed, max_steps: order.steps, cuts: plan.steps.some(isCut), steps: plan.steps.map(describeStep) },
      ...{ outcome: broken ?? WHOLE_LIFE, seconds, commit, date: new Date().toISOString() },
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

/** Boots one and saves it, if there is none of this image yet; takes three minutes. */
async function prepareSaved(equipment: Equipment, interrupts: Interrupts): Promise<string> {
  const folder = join(root, "saved", equipment.imageId.slice(0, 12));
  if (existsSync(join(folder, "machine.json"))) return folder;
  rmSync(dirname(folder), { recursive: true, force: true }); // of others; each takes half a gigabyte
  const directory = join(root, "first");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await interrupts.race(
    step("a machine that is Ready, to begin with", async () => {
      const disk = await makeOverlay(equipment.qemu, equipment.diskImage, join(directory, "disk.qcow2"));
      const forwards = await chooseForwards(guestPorts);
      await using machine = await startMachine({ ...equipment.machine, directory, disk, forwards });
      await becomeReady(
        { machine, kubectl: equipment.kubectl, kubeconfig: join(directory, "kubeconfig") },
        stepLimit,
      );
      await saveMachine(machine, folder, stepLimit);
    }),
  );
  return folder;
}

function findCopies(diskImage: string): number[] {
  const start = partitionStartMib("KSOLOEFI") * mib;
  return findStateCopiesIn(readPart(diskImage, start, partitionSizesMib.KSOLOEFI * mib));
}
