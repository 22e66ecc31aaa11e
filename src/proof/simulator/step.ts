// What happens to a box: steps as data, so that a life that goes wrong can be told, shortened, and lived again. Pure.
import type { Random } from "../../lib/random.ts";

/** `cut`: after so many changes the power goes; WHOLE: it stays. */
export type Step =
  | { readonly do: "boot"; readonly cut: number }
  /** A newer release is there. One that isn't good never gets healthy; `kubernetes`: it brings a newer one. */
  | { readonly do: "publish"; readonly isGood: boolean; readonly kubernetes: boolean }
  /** `back`: so many before the newest. `again`: a person insists. */
  | { readonly do: "apply"; readonly back: number; readonly again: boolean; readonly cut: number }
  | { readonly do: "activate"; readonly cut: number }
  /** What watches a trial comes to its verdict. */
  | { readonly do: "watch"; readonly cut: number }
  | { readonly do: "give up"; readonly cut: number }
  | { readonly do: "roll back"; readonly again: boolean; readonly cut: number }
  /** A person, or Kubernetes, restarts the machine. */
  | { readonly do: "restart"; readonly cut: number }
  | { readonly do: "rot slot"; readonly slot: "A" | "B" }
  | { readonly do: "rot copy"; readonly copy: 0 | 1 }
  | { readonly do: "reset"; readonly cut: number }
  | { readonly do: "set clock"; readonly atMs: number };

export const WHOLE = 99;

/** How often each happens, of all. */
const weights: readonly (readonly [Step["do"], number])[] = [
  ["boot", 24],
  ["publish", 6],
  ["apply", 14],
  ["activate", 14],
  ["watch", 18],
  ["give up", 3],
  ["roll back", 5],
  ["restart", 8],
  ["rot slot", 2],
  ["rot copy", 2],
  ["reset", 1],
  ["set clock", 3],
];
const bag: readonly Step["do"][] = weights.flatMap(([name, count]) => Array<Step["do"]>(count).fill(name));

export function makeStep(random: Random): Step {
  const name = random.pick(bag);
  const cut = random.number(3) === 0 ? random.number(8) : WHOLE;
  switch (name) {
    case "publish":
      return { do: name, isGood: random.number(3) > 0, kubernetes: random.number(2) === 0 };
    case "apply":
      return {
        do: name,
        back: random.number(4) === 0 ? 1 + random.number(3) : 0,
        again: random.number(8) === 0,
        cut,
      };
    case "roll back":
      return { do: name, again: random.number(4) === 0, cut };
    case "rot slot":
      return { do: name, slot: random.pick(["A", "B"] as const) };
    case "rot copy":
      return { do: name, copy: random.pick([0, 1] as const) };
    case "set clock":
      return { do: name, atMs: random.pick([0, 1_767_225_600_000, 2_082_758_400_000]) };
    default:
      return { do: name, cut };
  }
}

export function describeStep(step: Step): string {
  const { do: name, ...more } = step;
  const words = Object.entries(more).flatMap(([key, value]) =>
    value === WHOLE || value === false ? [] : `${key} ${value}`,
  );
  return [name, ...words].join(", ");
}
