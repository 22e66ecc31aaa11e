// Whether a system on trial is healthy, of what was seen of it time after time. docs/updates.md has the rules. Pure.

export interface Look {
  readonly uptimeMs: number;
  /** What of the system isn't as it must be; empty: all is well. */
  readonly problems: readonly string[];
  /** Tells one run of the engine and of the system's pods from the next. */
  readonly run: string;
  /** Why it can't get better. */
  readonly hopeless?: string;
}

export interface GateLimits {
  /** All must hold together for so long. */
  readonly settleMs: number;
  /** Since the machine was started. */
  readonly deadlineMs: number;
}

export const gateLimits: GateLimits = { settleMs: 60_000, deadlineMs: 600_000 };

export interface Gate {
  /** Since when all has been well, in one run. */
  readonly since?: number;
  readonly run?: string;
  /** It once was well for long enough. */
  readonly hasSettled?: true;
}

export type GateVerdict =
  | { readonly is: "waiting"; readonly gate: Gate }
  /** What is late may still be waited for. */
  | { readonly is: "healthy"; readonly gate: Gate }
  | { readonly is: "unhealthy" | "hopeless"; readonly why: string };

/** After one more look. */
export function judge(gate: Gate, look: Look, { settleMs, deadlineMs }: GateLimits): GateVerdict {
  if (look.hopeless !== undefined) return { is: "hopeless", why: look.hopeless };
  const isWell = look.problems.length === 0;
  const isLate = look.uptimeMs >= deadlineMs;
  const since = gate.run === look.run && gate.since !== undefined ? gate.since : look.uptimeMs;
  const kept = gate.hasSettled ? { hasSettled: gate.hasSettled } : {};
  if (isWell && look.uptimeMs - since >= settleMs)
    return { is: "healthy", gate: { since, run: look.run, hasSettled: true } };
  // Nobody would have waited for more, but for people's pods.
  if (isWell && isLate && gate.hasSettled) return { is: "healthy", gate };
  if (isLate) return { is: "unhealthy", why: look.problems.join("; ") || "it wasn't well for long enough" };
  return { is: "waiting", gate: isWell ? { ...kept, since, run: look.run } : kept };
}

/** Whether what decides nothing is still waited for. */
export function isWaitedFor(
  late: readonly string[],
  { uptimeMs }: Pick<Look, "uptimeMs">,
  { deadlineMs }: GateLimits,
): boolean {
  return late.length > 0 && uptimeMs < deadlineMs;
}
