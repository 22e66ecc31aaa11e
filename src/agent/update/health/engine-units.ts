// How the engine is, unit by unit, as `kubesolo status` tells it.
import * as v from "valibot";
import type { Host } from "../../host.ts";
import { parseJson } from "../../json.ts";

const Answer = v.object({
  ready: v.boolean(),
  summary: v.string(),
  units: v.array(v.object({ name: v.string(), state: v.string(), reason: v.optional(v.string()) })),
});

export interface Unit {
  readonly name: string;
  /** Why it isn't ready; undefined: it is. */
  readonly problem?: string;
}

/** What stands for all of it, where there are no units to tell of. */
export const WHOLE_ENGINE = "engine";

/** The engine's units, of whatever version it is; itself as the only one where it has none yet, or doesn't answer. */
export function readUnits(host: Host): Unit[] {
  const { stdout, stderr } = host.run(["kubesolo", "status", "--json"], { timeoutMs: 20_000 });
  const answer = parseJson(stdout, Answer);
  if (answer === undefined)
    return [{ name: WHOLE_ENGINE, problem: printable(stderr) || "it doesn't answer" }];
  const { ready, summary, units } = answer;
  const found = units.map(({ name, state, reason }) => ({
    name,
    ...(state === "ready" ? {} : { problem: printable(reason ?? state) }),
  }));
  // It stops, or still prepares itself.
  const isTold = found.some(({ problem }) => problem !== undefined);
  return ready || isTold ? found : [...found, { name: WHOLE_ENGINE, problem: printable(summary) }];
}

/** The last line: it may quote what a pod has said, and goes to a terminal. */
function printable(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.replace(/[^ -~]/g, "?").slice(0, 300);
}
