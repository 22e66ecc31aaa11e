// What was reached in a recorded life of a machine, and after which write. Pure.
import * as v from "valibot";
import type { Slot } from "../release/boot-state.ts";

/** What a machine does while its power is cut, in the order of its life, and which slots may come up then. */
export const scenarios = {
  "first-boot": { slots: ["A"], what: "first boot of a fresh, larger disk; the engine's first start" },
  writes: { slots: ["A"], what: "a client writes to the cluster" },
  apply: { slots: ["A"], what: "a release is written into the other slot" },
  activate: { slots: ["A", "B"], what: "it is activated" },
  trial: { slots: ["B"], what: "its first boot: a try is counted, the cluster's state kept" },
  confirm: { slots: ["B"], what: "from Ready until it is confirmed" },
  boot: { slots: ["B"], what: "an ordinary boot of what is confirmed" },
  rollback: { slots: ["B", "A"], what: "a person goes back, and the old system boots" },
  again: { slots: ["A", "B"], what: "the same release again: written, activated, tried" },
  restore: {
    ...{ slots: ["B", "A"], what: "it is given up: the old system boots and has its cluster back" },
    isMended: true,
  },
  reset: { slots: ["A"], what: "all state is deleted, and the machine boots as a new one" },
} as const satisfies Readonly<Record<string, Doing>>;

export interface Doing {
  readonly slots: readonly Slot[];
  readonly what: string;
  /** The next boot goes on with it before anything uses the data: what a look without booting finds wrong, a boot decides. */
  readonly isMended?: true;
}

export type Scenario = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as Scenario[];

/** `at`: so many writes were in the log. */
export const MarkSchema = v.variant("is", [
  v.object({ is: v.literal("begin"), at: v.number(), scenario: v.picklist(scenarioNames) }),
  /** Its cluster was up: what a client could have been told from then on has to be there. */
  v.object({ is: v.literal("acknowledged"), at: v.number(), name: v.string() }),
  /** From here on these may be gone, as asked for. */
  v.object({ is: v.literal("forgets"), at: v.number(), names: v.array(v.string()) }),
]);

export type Mark = v.InferOutput<typeof MarkSchema>;

/** The scenario that a cut falls into: what began last before it. */
export function scenarioAt(marks: readonly Mark[], cut: number): Scenario | undefined {
  return marks.flatMap((mark) => (mark.is === "begin" && mark.at <= cut ? [mark.scenario] : [])).at(-1);
}

/** Names of the objects that a disk of this moment must have. */
export function acknowledgedAt(marks: readonly Mark[], cut: number): string[] {
  const names = new Set<string>();
  for (const mark of marks.filter(({ at }) => at <= cut)) {
    if (mark.is === "acknowledged") names.add(mark.name);
    if (mark.is === "forgets") for (const name of mark.names) names.delete(name);
  }
  return [...names];
}
