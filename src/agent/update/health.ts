// Whether a system on trial is healthy: what is seen of it, and what follows. docs/updates.md has the rules.

import { runPath } from "../../release/run-files.ts";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { lookAtSigns } from "./probes.ts";

export interface Look {
  readonly uptimeMs: number;
  /** What isn't as it must be; empty: all is well. */
  readonly problems: readonly string[];
  /** Tells one run of the engine from the next. */
  readonly engine: string;
  /** Why it can't get better. */
  readonly hopeless?: string;
}

export interface GateLimits {
  /** All must hold together for so long. */
  readonly settleMs: number;
  /** Since the machine was started. */
  readonly deadlineMs: number;
}

export interface Gate {
  /** Since when all has been well, in one run of the engine. */
  readonly since?: number;
  readonly engine?: string;
}

export type GateVerdict =
  | { readonly is: "waiting"; readonly gate: Gate }
  | { readonly is: "healthy" }
  | { readonly is: "unhealthy" | "hopeless"; readonly why: string };

/** After one more look. Pure. */
export function judge(gate: Gate, look: Look, { settleMs, deadlineMs }: GateLimits): GateVerdict {
  if (look.hopeless !== undefined) return { is: "hopeless", why: look.hopeless };
  const isWell = look.problems.length === 0;
  const isSame = gate.engine === look.engine && gate.since !== undefined;
  const since = isWell ? (isSame ? gate.since : look.uptimeMs) : undefined;
  if (since !== undefined && look.uptimeMs - since >= settleMs) return { is: "healthy" };
  if (look.uptimeMs >= deadlineMs)
    return { is: "unhealthy", why: look.problems.join("; ") || "it wasn't well for long enough" };
  return { is: "waiting", gate: since === undefined ? {} : { since, engine: look.engine } };
}

/** The engine's own words for what no other start mends: sysexits.h's usage, data and configuration. */
const HOPELESS_CODES = ["64", "65", "78"];

/** `held`: signs that held before the update; others decide nothing. */
export function lookAtHealth(host: Host, held: readonly string[]): Look {
  const state = readWord(host, "engine.state");
  const code = readWord(host, "engine.exit");
  const isStopped = state === "waiting" && HOPELESS_CODES.includes(code);
  const answer = host.run(["kubesolo", "status"], { timeoutMs: 20_000 });
  const isReady = answer.exitCode === 0;
  const said = `${answer.stdout}\n${answer.stderr}`.trim();
  return {
    uptimeMs: host.uptime(),
    // Probes need what the engine starts.
    problems: isReady ? failedSigns(host, held) : [said.split("\n").at(-1) || "the engine doesn't answer"],
    engine: readWord(host, "engine.since"),
    ...(isStopped ? { hopeless: `the engine ended with exit code ${code}` } : {}),
  };
}

function failedSigns(host: Host, held: readonly string[]): string[] {
  if (held.length === 0) return [];
  return lookAtSigns(host).flatMap(({ name, problem }) =>
    problem !== undefined && held.includes(name) ? `${name}: ${problem}` : [],
  );
}

function readWord(host: Host, file: "engine.state" | "engine.exit" | "engine.since"): string {
  return (readIfThere(host, runPath(file), 256) ?? "").trim();
}
