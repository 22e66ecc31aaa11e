// The audit for people: tables of text. Pure.
import type { Finding } from "./audit.ts";
import type { Requirement } from "./requirements.ts";

/** Option, what the configuration says of it, verdict, who needs it. */
export function describeFindings(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.option,
    finding.found,
    verdictOf(finding),
    neededBy(finding),
  ]);
  return table([["option", "found", "verdict", "needed by"], ...rows]);
}

/** Option, what will do, whether it must be, who needs it. */
export function describeRequirements(requirements: readonly Requirement[]): string {
  const rows = requirements.map((requirement) => [
    requirement.option,
    requirement.accepts.join(" or "),
    requirement.need,
    neededBy(requirement),
  ]);
  return table([["option", "accepted", "need", "needed by"], ...rows]);
}

function verdictOf({ verdict, need }: Finding): string {
  return verdict === "met" ? verdict : `missing, ${need}`;
}

function neededBy({ who, why }: Requirement): string {
  return `${who}: ${why}`;
}

/** Columns as wide as their longest cell; the last one as it comes. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return rows.map((row) => line(row).join("  ").trimEnd()).join("\n");
}
