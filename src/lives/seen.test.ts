import { expect, test } from "vitest";
import { makeLife } from "../proof/simulator/life.ts";
import { live } from "../proof/simulator/live.ts";
import { type Step, WHOLE } from "../proof/simulator/step.ts";
import { type BootState, formatBlock } from "../release/boot-state.ts";
import { askSeen, differences, parseSeen, type Seen, seenOnModel } from "./seen.ts";

const cut = WHOLE;
/** 1.2.0 is 0.1.2 on machines, and its sequence another. */
const names = (version: string) => ({ version: version.replace(/^1\.(.*)\.0/, "0.1.$1"), sequence: 40 });

function lived(...steps: Step[]): Seen {
  const life = makeLife();
  for (const step of steps) live(life, step);
  return seenOnModel(life, names);
}

const updated: readonly Step[] = [
  { do: "publish", isGood: true, kubernetes: false },
  { do: "apply", back: 0, again: false, cut },
  { do: "activate", cut },
];

test("the model is told in a machine's names", () => {
  expect(lived(...updated)).toEqual({
    running: "A",
    state: { generation: 2, activeSlot: "B", trial: 3, floor: 40, reason: "activated" },
    note: "0.1.1 B activated",
    quarantine: [],
    history: ["applied 0.1.1 B", "activated 0.1.1 B"],
  });
});

/** What a machine prints. */
function printed(slot: string, books: object | undefined, ...copies: readonly string[]): string {
  const end = `${/echo '([^']*)'/.exec(askSeen([0]))?.[1]}\n`;
  return [`${slot}\n`, books === undefined ? "" : JSON.stringify(books), ...copies, ""].join(end);
}
const block = (state: BootState) => Buffer.from(formatBlock(state)).toString("latin1");
const installed: BootState = { generation: 1, activeSlot: "A", floor: 40, reason: "installed" };
const activated: BootState = { generation: 2, activeSlot: "B", trial: 3, floor: 40, reason: "activated" };

test("a machine of which nothing was ever asked is the model's first moment", () => {
  const seen = parseSeen(printed("A", undefined, block(installed), block(installed)));
  expect(differences(seen, lived())).toEqual([]);
});

test("of two copies the newer one counts, and of none that is whole there is no state", () => {
  const rotten = "x".repeat(1024);
  expect(parseSeen(printed("A", undefined, block(installed), block(activated))).state).toEqual(activated);
  expect(parseSeen(printed("A", undefined, rotten, block(installed))).state).toEqual(installed);
  expect(parseSeen(printed("A", undefined, rotten, rotten)).state).toBeUndefined();
});

test("what isn't the same is told", () => {
  const books = {
    note: { version: "0.1.1", slot: "B", step: "activated", source: "http://10.0.2.2" },
    quarantine: ["0.1.3"],
    history: [
      { what: "applied", version: "0.1.1", slot: "B", atMs: 1 },
      { what: "activated", version: "0.1.1", slot: "B", atMs: 2 },
    ],
  };
  const seen = parseSeen(printed("A", books, block(activated), block(activated)));
  expect(differences(seen, lived(...updated))).toEqual(['quarantine is ["0.1.3"], and [] on the model']);
  expect(differences({ ...seen, running: "B" }, { ...seen, state: undefined })).toEqual([
    'running is "B", and "A" on the model',
    'state is {"activeSlot":"B","floor":40,"generation":2,"reason":"activated","trial":3}, and nothing on the model',
  ]);
});
