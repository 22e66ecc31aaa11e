// A decision as a person reads it: what this node would do, in order, and nothing secret. Pure.
import type { Action, Decision } from "./actions.ts";
import { explainAction } from "./explain/actions.ts";
import { explainNetwork } from "./explain/network.ts";

export function explain(decision: Decision): string {
  const rows = [
    ["instance", decision.instanceId],
    ...explainNetwork(decision),
    ...decision.actions.flatMap((action: Action) => explainAction(action)),
  ];
  return rows.map(([name, what]) => `${(name ?? "").padEnd(12)}${what}`.trimEnd()).join("\n");
}
