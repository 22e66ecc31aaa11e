// Which objects the cluster must have in which of its states: the model has a number for each state, and says which one it is in. Pure.
import type { Life } from "../proof/simulator/life.ts";
import type { Step } from "../proof/simulator/step.ts";

/** By the number of a state, what was made in it and before it. */
export type ClusterNames = ReadonlyMap<number, readonly string[]>;

/** Steps before which the model's cluster goes on living. */
const working: readonly Step["do"][] = ["apply", "activate", "watch", "give up", "roll back", "restart"];

/** Before a step on the model: what an object is called that is made now; undefined where no system is at work. */
export function nextName(life: Life, step: Step): string | undefined {
  return life.running === undefined || !working.includes(step.do) ? undefined : `life-${life.clusters + 1}`;
}

/** Before the same step, with the object that was made, if one was. */
export function withNext(
  names: ClusterNames,
  life: Life,
  step: Step,
  made: string | undefined,
): ClusterNames {
  if (step.do === "reset") return new Map(names).set(life.clusters + 1, []);
  if (nextName(life, step) === undefined) return names;
  return new Map(names).set(life.clusters + 1, [
    ...namesOf(names, life),
    ...(made === undefined ? [] : [made]),
  ]);
}

/** Of the state that the model's cluster is in. */
export function namesOf(names: ClusterNames, life: Life): readonly string[] {
  return names.get(life.cluster) ?? [];
}
