import { expect, test } from "vitest";
import { makeLife } from "../proof/simulator/life.ts";
import { live } from "../proof/simulator/live.ts";
import { type Step, WHOLE } from "../proof/simulator/step.ts";
import { type ClusterNames, namesOf, nextName, withNext } from "./cluster-names.ts";

const cut = WHOLE;
const boot: Step = { do: "boot", cut };
const tried: readonly Step[] = [
  { do: "publish", isGood: true, kubernetes: false },
  { do: "apply", back: 0, again: false, cut },
  { do: "activate", cut },
  boot,
];
const back: Step = { do: "roll back", again: false, cut };

/** The objects that the cluster has at last, if its engine is up at these steps. */
function namesAfter(steps: readonly Step[], isUp = (_: Step) => true): readonly string[] {
  const life = makeLife();
  let names: ClusterNames = new Map();
  for (const step of steps) {
    names = withNext(names, life, step, isUp(step) ? nextName(life, step) : undefined);
    live(life, step);
  }
  return namesOf(names, life);
}

test.each<[string, readonly Step[], readonly string[]]>([
  ["a system at work makes one each time", tried, ["life-1", "life-2"]],
  ["one on trial makes its own", [...tried, { do: "watch", cut }], ["life-1", "life-2", "life-3"]],
  ["back in the old system there are those that it left", [...tried, back, boot], ["life-1", "life-2"]],
  ["after a reset there are none", [...tried.slice(0, 2), { do: "reset", cut }], []],
])("%s", (_, steps, names) => {
  expect(namesAfter(steps)).toEqual(names);
});

test("while the engine isn't up, the cluster stays as it was", () => {
  expect(namesAfter(tried, ({ do: what }) => what === "apply")).toEqual(["life-1"]);
});
