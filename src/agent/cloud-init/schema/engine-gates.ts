// kubernetes.featureGates of the engine's file, as engine/config/feature_gates.go takes them.
import * as v from "valibot";
import { once } from "../../once.ts";
import { nearestHint } from "../nearest.ts";
import { quoted } from "../problems.ts";
import { SWITCH } from "./engine-values.ts";
import { FEATURE_GATES } from "./feature-gates.ts";
import { named } from "./kinds.ts";

interface Gate {
  /** on, off; on! and off!: locked; own: the engine sets it; all: stands for many others. */
  readonly state: string;
  readonly needs: readonly string[];
}

const known = once((): ReadonlyMap<string, Gate> => {
  const lines = FEATURE_GATES.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", state = "", ...needs] = line.split(" ");
      return [name, { state, needs }];
    }),
  );
});

const GATES = "feature gates with true or false, such as {APIResponseCompression: false}";

export const gates = once(() =>
  v.pipe(
    named(v.string(), v.union([v.boolean(GATES), v.string(GATES)], GATES), GATES),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const said = Object.entries(dataset.value);
      const wrong = said.flatMap(([name, value]) => whyNot(name, String(value)) ?? []);
      for (const message of wrong.length > 0 ? wrong : unmetNeeds(new Map(said))) addIssue({ message });
    }),
  ),
);

function whyNot(name: string, value: string): string | undefined {
  const gate = known().get(name);
  if (gate === undefined) {
    const hint = nearestHint(name, [...known().keys()]);
    return `this Kubernetes has no feature gate ${quoted(name)}${hint === undefined ? "" : `; ${hint}`}`;
  }
  if (gate.state === "own") return `the feature gate ${name} is set by the engine itself: leave it out`;
  if (gate.state === "all") return `${name} stands for many feature gates: name each by itself`;
  if (!SWITCH.test(value)) return `the feature gate ${name} must be true or false`;
  const isLocked = gate.state.endsWith("!") && isTrue(value) !== isOn(gate);
  return isLocked ? `the feature gate ${name} is locked: it can only be ${isOn(gate)}` : undefined;
}

/** A gate counts on others. */
function unmetNeeds(said: ReadonlyMap<string, unknown>): string[] {
  const isSet = (name: string): boolean => {
    const value = said.get(name);
    const gate = known().get(name);
    return value === undefined ? gate !== undefined && isOn(gate) : isTrue(String(value));
  };
  return [...known()].flatMap(([name, { state, needs }]) => {
    const missing = state === "own" || !isSet(name) ? [] : needs.filter((needed) => !isSet(needed));
    return missing.map(
      (needed) => `the feature gate ${name} is on, and needs ${needed}: set both to the same`,
    );
  });
}

function isOn({ state }: Gate): boolean {
  return state.startsWith("on");
}

function isTrue(value: string): boolean {
  return /^(?:1|t|true)$/i.test(value);
}
