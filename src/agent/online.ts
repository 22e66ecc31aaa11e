// The second half: when a link has an address, or nobody waits for one any longer. Files that were put off, then runcmd.
import { applyOnline } from "./apply/apply.ts";
import type { Part } from "./boot.ts";
import type { Load } from "./choice.ts";
import type { Decision } from "./cloud-init/actions.ts";
import type { Host } from "./host.ts";
import { type Report, readReport, writeReport } from "./report.ts";

/** Code 0 even if a command failed: it isn't run again. Other areas' parts come first: they may put a network back that reaches nobody. */
export function online(host: Host, load: Load, parts: readonly Part[]): number {
  const report = readReport(host);
  if (report === undefined) return 0;
  const decision = decisionOf(report, load);
  const found =
    decision === undefined
      ? []
      : [...parts.flatMap((part) => part(host, decision)), ...applyOnline(host, decision)];
  writeReport(host, { ...report, isOnlineDone: true, problems: [...report.problems, ...found] });
  for (const text of found) host.print("stderr", `configuration: ${text}`);
  return 0;
}

/** What the first half decided: the same texts come to the same. */
export function decisionOf({ sources, uses }: Report, load: Load): Decision | undefined {
  return uses === "defaults" ? undefined : load(sources).decision;
}
