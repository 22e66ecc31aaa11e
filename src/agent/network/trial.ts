// A configuration of the network that differs from the last one that worked is on trial: if it cuts the machine off, the last
// one returns. docs/node-network.md has the rules. Pure.
import type { NetworkPlan } from "./plan.ts";

/** /etc/kubesolo/network-good.json: the last configuration that worked. */
export interface Good {
  readonly hash: string;
  readonly plan: NetworkPlan;
}

/** /etc/kubesolo/network-trial.json: the one that is on trial, or that failed. */
export interface Attempt {
  readonly hash: string;
  /** Boots that began to try it, and came to no verdict. */
  readonly tries: number;
  /** Why it failed. */
  readonly failure?: string;
}

export type NetworkChoice =
  | { readonly uses: "wanted"; readonly isOnTrial: boolean; readonly attempt?: Attempt }
  | { readonly uses: "fallback"; readonly attempt: Attempt; readonly message: string };

/** A boot that loses its power while it tries counts; after the third, the configuration itself may be to blame. */
const MAX_TRIES = 3;

/** Which configuration a boot sets up. `attempt` is to be written down before. */
export function chooseNetwork(
  hash: string,
  good: Good | undefined,
  last: Attempt | undefined,
): NetworkChoice {
  if (good?.hash === hash) return { uses: "wanted", isOnTrial: false };
  const attempt: Attempt = last?.hash === hash ? last : { hash, tries: 0 };
  if (attempt.failure !== undefined) return fallBack(attempt, attempt.failure);
  if (attempt.tries >= MAX_TRIES)
    return fallBack(attempt, `the machine was reset ${attempt.tries} times while it was tried`);
  return { uses: "wanted", isOnTrial: true, attempt: { ...attempt, tries: attempt.tries + 1 } };
}

function fallBack(attempt: Attempt, failure: string): NetworkChoice {
  const message = `the network's configuration failed: ${failure}; it isn't tried again until it is changed`;
  return { uses: "fallback", attempt: { ...attempt, failure }, message };
}

/** What is set up while a trial goes on. `undecided`: neither works, so the cable or the site may be to blame. */
export type Phase = "configuration" | "fallback" | "undecided";

export interface Trial {
  readonly phase: Phase;
  /** In this phase, with a cable plugged in. */
  readonly elapsedMs: number;
  /** Why the configuration doesn't work, as it was seen last. */
  readonly failure?: string;
}

export type Verdict = "good" | "failed" | "undecided";

export interface Turn {
  readonly trial: Trial;
  /** To be set up now. */
  readonly setUp?: "configuration" | "fallback";
  readonly verdict?: Verdict;
}

/**
 * What follows from what was seen last. Without any cable nothing can be said, and no time passes. The fallback stays only if
 * it is better: where it doesn't work either, the machine does as its configuration says.
 */
export function judge(trial: Trial, seen: Seen, passedMs: number, limitMs: number): Turn {
  if (seen.complaint === undefined) {
    if (trial.phase !== "fallback") return { trial, verdict: "good" };
    return { trial, verdict: "failed" };
  }
  const elapsedMs = trial.elapsedMs + (seen.hasCarrier ? passedMs : 0);
  const failure = trial.phase === "fallback" ? trial.failure : seen.complaint;
  const next: Trial = { ...trial, elapsedMs, ...(failure === undefined ? {} : { failure }) };
  if (trial.phase === "undecided" || elapsedMs < limitMs) return { trial: next };
  if (trial.phase === "configuration")
    return { trial: { ...next, phase: "fallback", elapsedMs: 0 }, setUp: "fallback" };
  return {
    trial: { ...next, phase: "undecided", elapsedMs: 0 },
    setUp: "configuration",
    verdict: "undecided",
  };
}

export interface Seen {
  /** Of any card. */
  readonly hasCarrier: boolean;
  /** Why the network doesn't work, if it doesn't. */
  readonly complaint?: string;
}
