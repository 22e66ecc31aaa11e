// How the configuration went, as a condition of the Kubernetes node, and as an event when something is wrong. Pure.
import type { Report } from "./report.ts";

/** An event takes 1024 characters. */
const MAX_MESSAGE = 1000;

/** For a strategic merge: conditions of other types stay. */
export function nodeCondition(report: Report, now: string): unknown {
  const { isGood, reason, message } = summarize(report);
  const condition = {
    type: "NodeConfiguration",
    status: isGood ? "True" : "False",
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  return { status: { conditions: [condition] } };
}

/**
 * Undefined when all is well. Named by the boot, so that trying again makes no other one; and as kubelet's own events are, by
 * the node's name for its uid, which is how `kubectl describe node` finds it.
 */
export function nodeEvent(report: Report, node: string, now: string): unknown {
  const { isGood, reason, message } = summarize(report);
  if (isGood) return undefined;
  const component = "kubesolo-os-agent";
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${node}.configuration-${report.appliedMs.toString(16)}`, namespace: "default" },
    involvedObject: { apiVersion: "v1", kind: "Node", name: node, uid: node },
    type: "Warning",
    reason,
    message,
    source: { component, host: node },
    reportingComponent: component,
    reportingInstance: node,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}

function summarize({ uses, origin, refusals, problems }: Report) {
  const isGood = refusals.length + problems.length === 0;
  const reasons = {
    found: isGood ? "Applied" : "PartlyApplied",
    "last good": "LastGoodUsed",
    defaults: "DefaultsUsed",
  };
  const message = isGood ? `from ${origin}` : [...refusals, ...problems].join("; ");
  return { isGood, reason: reasons[uses], message: message.slice(0, MAX_MESSAGE) };
}

/** kubectl's words for labels: what is wanted, and what was once and isn't any more. */
export function labelWords(wanted: Readonly<Record<string, string>>, before: readonly string[]): string[] {
  const set = Object.entries(wanted).map(([key, value]) => `${key}=${value}`);
  return [...set.sort(), ...before.filter((key) => !(key in wanted)).map((key) => `${key}-`)];
}
