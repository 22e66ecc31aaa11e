// What an update is held to: of all signs of health, those that held before it. docs/updates.md has the rules. Pure.
import * as v from "valibot";
import type { Unit } from "./engine-units.ts";
import type { GateLimits } from "./gate.ts";
import type { Pod } from "./pods.ts";
import type { Sign } from "./probes.ts";

const Names = v.optional(v.array(v.string()), []);

/** Another version reads it than has written it. */
export const BaselineSchema = v.object({
  /** Units of the engine that weren't ready though they had had their time: they decide nothing. All others do. */
  ill: Names,
  /** Probes and scripts that held. */
  held: Names,
  /** Workloads of the system whose pods were ready. */
  system: Names,
  /** And those of people: they are waited for, and decide nothing. */
  others: Names,
  /** Kinds of network cards that had a driver. */
  cards: Names,
  /** A link had an address. */
  hasNetwork: v.optional(v.boolean(), false),
});

export type Baseline = v.InferOutput<typeof BaselineSchema>;

export const emptyBaseline: Baseline = v.parse(BaselineSchema, {});

export interface Sight {
  readonly uptimeMs: number;
  readonly nowMs: number;
  readonly units: readonly Unit[];
  readonly signs: readonly Sign[];
  readonly system: readonly Pod[];
  readonly others: readonly Pod[];
  readonly cards: readonly string[];
  readonly hasNetwork: boolean;
}

/** More pods than a node runs. */
const MAX_WORKLOADS = 200;

export function makeBaseline(sight: Sight, { settleMs, deadlineMs }: GateLimits): Baseline {
  const { uptimeMs, nowMs, units, signs, system, others, cards, hasNetwork } = sight;
  const held = (pods: readonly Pod[]) => heldWorkloads(pods, nowMs, settleMs);
  return {
    // The new system's engine gets as long.
    ill:
      uptimeMs < deadlineMs ? [] : units.flatMap(({ name, problem }) => (problem === undefined ? [] : name)),
    held: signs.flatMap(({ name, problem, isRequired }) => (isRequired && problem === undefined ? name : [])),
    system: held(system),
    others: held(others),
    cards: [...new Set(cards)].sort(),
    hasNetwork,
  };
}

/**
 * Those of whose pods each is ready, and has been for the settle time: one that crashes again and again is so at times. A clock that
 * was set back says nothing of that.
 */
function heldWorkloads(pods: readonly Pod[], nowMs: number, settleMs: number): string[] {
  const isHeld = ({ isReady, sinceMs }: Pod) => isReady && !(sinceMs <= nowMs && nowMs - sinceMs < settleMs);
  const ill = new Set(pods.filter((pod) => !isHeld(pod)).map(({ workload }) => workload));
  const lasting = pods.filter(({ workload, isJob }) => !isJob && !ill.has(workload));
  return [...new Set(lasting.map(({ workload }) => workload))].sort().slice(0, MAX_WORKLOADS);
}

export function unitProblems(units: readonly Unit[], { ill }: Baseline): string[] {
  return units.flatMap(({ name, problem }) =>
    problem === undefined || ill.includes(name) ? [] : `${name}: ${problem}`,
  );
}

export function signProblems(signs: readonly Sign[], { held }: Baseline): string[] {
  return signs.flatMap(({ name, problem }) =>
    problem !== undefined && held.includes(name) ? `${name}: ${problem}` : [],
  );
}

/** One that has no pods any more was taken away by somebody. */
export function systemPodProblems(pods: readonly Pod[], { system }: Baseline): string[] {
  const unready = pods.filter(({ workload, isReady }) => !isReady && system.includes(workload));
  return notReady(unready.map(({ workload }) => workload));
}

/** It tells one container from the next: restarts of those workloads that held. */
export function systemRestarts(pods: readonly Pod[], { system }: Baseline): number {
  return pods.reduce((sum, { workload, restarts }) => sum + (system.includes(workload) ? restarts : 0), 0);
}

/** A card that has no driver now. */
export function cardProblems(cards: readonly string[], baseline: Baseline): string[] {
  const gone = baseline.cards.filter((each) => !cards.includes(each));
  return gone.map((each) => `no driver for the network card ${each}`);
}

/** What is waited for, and decides nothing. `others`: of the pods that run now. */
export function lateThings(
  { others, hasNetwork }: Pick<Sight, "others" | "hasNetwork">,
  baseline: Baseline,
): string[] {
  const ready = others.filter(({ isReady }) => isReady).map(({ workload }) => workload);
  const unready = others.filter(({ isReady }) => !isReady).map(({ workload }) => workload);
  const late = baseline.others.filter((each) => unready.includes(each) || !ready.includes(each));
  const network = baseline.hasNetwork && !hasNetwork ? ["no link has an address"] : [];
  return [...network, ...notReady(late)];
}

/** So many are named. */
const NAMED = 5;

function notReady(workloads: readonly string[]): string[] {
  if (workloads.length === 0) return [];
  const names = [...new Set(workloads)];
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [`pods not ready: ${names.slice(0, NAMED).join(", ")}${rest}`];
}
