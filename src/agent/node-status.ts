// How the configuration went, as a condition of the Kubernetes node. Pure.
import type { Report } from "./report.ts";

const MAX_MESSAGE = 1000;

/** For a strategic merge: conditions of other types stay. */
export function nodeCondition(report: Report, now: string): unknown {
  const { uses, refusals, problems } = report;
  const isGood = refusals.length + problems.length === 0;
  const reasons = {
    found: isGood ? "Applied" : "PartlyApplied",
    "last good": "LastGoodUsed",
    defaults: "DefaultsUsed",
  };
  const message = isGood ? `from ${report.origin}` : [...refusals, ...problems].join("; ");
  const condition = {
    type: "NodeConfiguration",
    status: isGood ? "True" : "False",
    reason: reasons[uses],
    message: message.slice(0, MAX_MESSAGE),
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  return { status: { conditions: [condition] } };
}

/** kubectl's words for labels: what is wanted, and what was once and isn't any more. */
export function labelWords(wanted: Readonly<Record<string, string>>, before: readonly string[]): string[] {
  const set = Object.entries(wanted).map(([key, value]) => `${key}=${value}`);
  return [...set.sort(), ...before.filter((key) => !(key in wanted)).map((key) => `${key}-`)];
}
