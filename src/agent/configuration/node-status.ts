// How the configuration went, as a condition of the Kubernetes node, and as an event when something is wrong. Pure.
import type { NodeCondition, NodeEvent } from "../node-objects.ts";
import type { Report } from "./report.ts";

export function nodeCondition(report: Report): NodeCondition {
  const { isGood, reason, message } = summarize(report);
  return { type: "NodeConfiguration", status: isGood ? "True" : "False", reason, message };
}

/** Undefined when all is well. One a boot, however often it is told. */
export function nodeEvent(report: Report, nowMs: number): NodeEvent | undefined {
  const { isGood, reason, message } = summarize(report);
  if (isGood) return undefined;
  const id = `configuration-${report.appliedMs.toString(16)}`;
  return { id, type: "Warning", reason, message, atMs: nowMs };
}

/** More than that nobody reads in a condition; `kubesolo-os-agent status` has all. */
const MAX_MESSAGE = 1000;

function summarize({ uses, origin, refusals, warnings, problems }: Report) {
  const isGood = refusals.length + problems.length === 0;
  const applied = warnings.length === 0 ? "Applied" : "AppliedWithWarnings";
  const reasons = {
    found: isGood ? applied : "PartlyApplied",
    "last good": "LastGoodUsed",
    defaults: "DefaultsUsed",
  };
  const what = [...(isGood ? [`from ${origin}`, ...warnings] : [...refusals, ...problems])].join("; ");
  const message = what.length <= MAX_MESSAGE ? what : `${what.slice(0, MAX_MESSAGE - 1)}…`;
  return { isGood, reason: reasons[uses], message };
}

/** kubectl's words for labels: what is wanted, and what was once and isn't any more. */
export function labelWords(wanted: Readonly<Record<string, string>>, before: readonly string[]): string[] {
  const set = Object.entries(wanted).map(([key, value]) => `${key}=${value}`);
  return [...set.sort(), ...before.filter((key) => !(key in wanted)).map((key) => `${key}-`)];
}
