// A decision as a person reads it: what this node would do, in order, and nothing secret. Pure.

import type { Action, Decision } from "./actions.ts";
import { NO_ID } from "./decide.ts";
import { explainAction } from "./explain/actions.ts";
import { explainNetwork } from "./explain/network.ts";
import { masked, printable } from "./secrets.ts";

export function explain(decision: Decision, instanceId?: string): string {
  const rows = [
    ["instance", instance(decision.instanceId, instanceId)],
    ...explainNetwork(decision),
    ...decision.actions.flatMap((action: Action) => explainAction(action)),
  ];
  return rows
    .map(([name, what]) => `${(name ?? "").padEnd(12)}${printable(masked(what ?? ""))}`.trimEnd())
    .join("\n");
}

function instance(given: string, made: string | undefined): string {
  if (given !== NO_ID) return given;
  return `${made ?? "text-…"}, made of the text: with another text, all that is done once is done again`;
}
