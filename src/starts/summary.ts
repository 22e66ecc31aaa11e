// Pure: what many starts took, as lines and as a table.

export interface Start {
  readonly kind: "fresh start" | "restart after SIGTERM" | "restart after SIGKILL";
  /** From the command to the engine's word that all is ready. */
  readonly readySeconds: number;
  /** From the command to a new Pod that is Ready. */
  readonly podSeconds: number;
  /** CPU time of the engine until it was ready. */
  readonly cpuSeconds: number;
}

export function describeStart(start: Start, number: number, count: number): string {
  const place = `${String(number).padStart(String(count).length)}/${count}`;
  const figures = [
    ["ready", start.readySeconds],
    ["pod", start.podSeconds],
    ["cpu", start.cpuSeconds],
  ] as const;
  const texts = figures.map(([name, seconds]) => `${name} ${seconds.toFixed(2).padStart(5)} s`);
  return `${start.kind.padEnd(21)} ${place}  ${texts.join("  ")}`;
}

/** A Markdown table, a row a kind of start; each cell is minimum / median / maximum in seconds. */
export function describeStarts(starts: readonly Start[]): string {
  const rows = [...new Set(starts.map(({ kind }) => kind))].map((kind) => {
    const those = starts.filter((start) => start.kind === kind);
    const cells = (["readySeconds", "podSeconds", "cpuSeconds"] as const).map((figure) =>
      spread(those.map((start) => start[figure])),
    );
    return `| ${[kind, those.length, ...cells].join(" | ")} |`;
  });
  return [
    "| start | count, all Ready with a Pod Running | engine ready, s | Pod Ready, s | CPU until ready, s |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** Minimum, median and maximum. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
  return [sorted[0] ?? 0, median, sorted.at(-1) ?? 0].map((value) => value.toFixed(1)).join(" / ");
}
