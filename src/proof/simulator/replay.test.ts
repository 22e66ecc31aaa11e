// The model's lives, lived by the agent itself on a box in memory: with the power cut before any of its own changes, and, without
// cuts, the same in all that both know.
import { expect, test } from "vitest";
import { readBooks } from "../../agent/update/books.ts";
import { fileOf, hostOf, stateOf as stateOfBox } from "../box/box.ts";
import { makeLife, stateOf } from "./life.ts";
import { live } from "./live.ts";
import { makeReplay, type Replay, replay } from "./replay.ts";
import { makeSequence } from "./simulate.ts";
import { describeStep, type Step, WHOLE } from "./step.ts";

const lives = Number(process.env["LIVES"] ?? 10);
const numbers = Array.from({ length: lives }, (_, index) => index);

test.each(numbers)("life %i, with power cuts, breaks no promise", { timeout: 60_000 }, (number) => {
  const life = makeReplay();
  const lived: string[] = [];
  for (const step of makeSequence(11, number, 60)) {
    lived.push(describeStep(step));
    expect(() => replay(life, step), lived.join("; ")).not.toThrow();
  }
});

test.each(numbers)(
  "life %i, without, is the same on the model and by the agent",
  { timeout: 60_000 },
  (number) => {
    const model = makeLife();
    const real = makeReplay();
    const lived: string[] = [];
    for (const step of makeSequence(12, number, 60).flatMap(withoutCut)) {
      lived.push(describeStep(step));
      live(model, step);
      replay(real, step);
      const { note, quarantine } = model.books;
      expect(seen(real), lived.join("; ")).toEqual({
        ...{ running: model.running, state: stateOf(model), cluster: model.cluster },
        ...{ note: note && `${note.version} ${note.slot} ${note.step}`, quarantine },
      });
    }
  },
);

/** Neither what the replay doesn't have, nor a cut, which falls elsewhere there. */
function withoutCut(step: Step): Step[] {
  if (step.do === "reset" || step.do === "rot copy") return [];
  return ["cut" in step ? { ...step, cut: WHOLE } : step];
}

function seen({ box, running }: Replay) {
  const { note, quarantine } = readBooks(hostOf(box));
  const database = fileOf(box, "/data/kubesolo/kine/db/state.db");
  return {
    ...{
      running,
      state: stateOfBox(box),
      cluster: Number(box.math.decodeUtf8(database ?? new Uint8Array())),
    },
    ...{ note: note && `${note.version} ${note.slot} ${note.step}`, quarantine: [...quarantine] },
  };
}
