// Each point at which the agent can be made to fail in a command of an update, with each effect (`kubesolo-os faults`): the slot counts that
// should, and the update goes on from there.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Slot } from "../../src/release/boot-state.ts";
import { type AgentPoint, type FaultEffect, faultEffects } from "../../src/release/fault-points.ts";
import { makeFaultsImage, makeFaulty, makeReleases } from "../../src/vm/update-releases.ts";
import { changeRoot } from "./faulty-root.ts";
import { agent, folderUrl, startUpdatable, type Updatable } from "./machine-on-trial.ts";
import { bootLimit, waitForStages } from "./machine-under-test.ts";

const testLimitMs = 1_800_000;
const applyLimit = { timeoutMs: 600_000 };

let box: Updatable;
/** Two releases: what one of them has written, the other one begins anew. */
let sources: [string, string];

beforeAll(async () => {
  const { second } = await makeReleases();
  const third = await makeFaulty("third", second, "0.1.2", (folder) => changeRoot(folder, "0.1.2", []));
  const image = await makeFaultsImage();
  box = await startUpdatable("agent-faults", {}, { image, wait: ({ machine }) => waitForStages(machine) });
  sources = [`${box.web.url}/second.tar`, folderUrl(box.web, third)];
}, testLimitMs);

afterAll(() => box?.[Symbol.asyncDispose]());

interface Command {
  readonly words: () => string;
  /** What must be there before it. */
  readonly prepare: () => Promise<unknown>;
  /** Which slot counts when it fails there. */
  readonly points: readonly (readonly [point: AgentPoint, slot: Slot])[];
}

const commands: Readonly<Record<string, Command>> = {
  apply: {
    words: () => `apply --again ${sources[0]}`,
    prepare: async () => sources.reverse(),
    points: (["lock", "books", "slot-emptied", "slot-file", "slot-manifest"] as const).map((point) => [
      point,
      "A",
    ]),
  },
  activate: {
    words: () => "activate",
    prepare: goBack,
    points: [
      ["data-named", "A"],
      ["boot-state", "A"],
      ["boot-state-again", "B"],
    ],
  },
  rollback: {
    words: () => "rollback --reboot",
    prepare: async () => {
      await goBack();
      await box.cluster.machine.succeed(`${agent} activate`, bootLimit);
    },
    points: [
      ["boot-state", "B"],
      ["boot-state-again", "A"],
      ["reboot", "A"],
    ],
  },
};

const rows = Object.entries(commands).flatMap(([name, { points, ...command }]) =>
  points.map(([point, slot]) => ({ name, point, slot, ...command })),
);

test.each(rows)(
  "$name fails at $point, and slot $slot counts",
  async ({ point, slot, words, prepare }) => {
    for (const effect of faultEffects) {
      await prepare();
      await failWhile(`${point}:${effect}`, effect, `${agent} ${words()}`);
      expect(await readStatus(), effect).toMatch(counts[slot]);
    }
  },
  testLimitMs,
);

/** As `status` has it: of B, before its first boot or in it. */
const counts: Readonly<Record<Slot, RegExp>> = {
  A: /, slot A: confirmed$/m,
  B: /, slot A: confirmed, and the other one is tried at the next boot$|, slot B: on trial/m,
};

function readStatus(): Promise<string> {
  return box.cluster.machine.succeed(`${agent} status`, bootLimit);
}

/** Slot A runs and counts, and slot B holds a release that isn't activated. */
async function goBack(): Promise<void> {
  const { machine } = box.cluster;
  const status = await readStatus();
  if (/slot B: on trial/.test(status)) {
    machine.console.skipToEnd();
    await machine.execute(`${agent} rollback --reboot`, bootLimit).catch(() => undefined);
    await machine.waitForConsole(/starting slot A/, bootLimit);
    await waitUntilSettled();
  } else if (counts.B.test(status)) await machine.succeed(`${agent} rollback`, bootLimit);
  if (!/, slot B: (written|activated), /.test(await readStatus()))
    await machine.succeed(`${agent} apply --again ${sources[0]}`, applyLimit);
}

/** A boot is done, and the old system has made up its mind about what was activated. */
async function waitUntilSettled(): Promise<void> {
  const { machine } = box.cluster;
  await waitForStages(machine);
  const isNew = "grep -qx kubesolo.slot=B /run/kubesolo-os/cmdline";
  await machine.until(`${isNew} || ! grep -q '"step": "activated"' /data/update/books.json`, bootLimit);
}

/** Runs it with a fault on the way, beside the channel, which takes one command at a time: what hangs is killed through it. */
async function failWhile(fault: string, effect: FaultEffect, command: string): Promise<void> {
  const { machine } = box.cluster;
  await machine.succeed(`rm -f /tmp/ended; echo kubesolo.fault=${fault} >>/run/kubesolo-os/cmdline`);
  const noted = `sh -c 'echo $$ >/tmp/pid; exec ${command} 2>/dev/console'`;
  // The machine may be gone before it answers.
  await machine.execute(`(${noted}; echo $? >/tmp/ended) >/dev/null 2>&1 &`).catch(() => undefined);
  await machine.waitForConsole(new RegExp(`fault: ${fault}`), applyLimit);
  if (effect === "panic" || effect === "poweroff") {
    await machine.crash();
    await machine.powerOn();
    await waitUntilSettled();
    return;
  }
  if (effect === "hang") await machine.succeed("kill -KILL $(cat /tmp/pid)");
  expect(await machine.until("cat /tmp/ended", bootLimit)).not.toBe("0\n");
  await machine.succeed("sed -i /kubesolo.fault/d /run/kubesolo-os/cmdline");
}
