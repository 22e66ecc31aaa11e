// What this boot made of its configuration: for the console, for `status`, and for the agent's second half.
import * as v from "valibot";
import type { Decision } from "../cloud-init/actions.ts";
import { MAX_SOURCE_BYTES } from "../cloud-init/source.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { places } from "../places.ts";

const Report = v.object({
  /** Which configuration counts: the one that was found, the last good one instead, or none. */
  uses: v.picklist(["found", "last good", "defaults"]),
  /** Where it lay. */
  origin: v.string(),
  instanceId: v.optional(v.string()),
  /** Of all its texts. */
  sha256: v.optional(v.string()),
  appliedMs: v.number(),
  /** Why what was found can't be used; empty unless `uses` says so. */
  refusals: v.array(v.string()),
  /** What the parser warned of. */
  warnings: v.array(v.string()),
  /** What was refused by the world when it was carried out. */
  problems: v.array(v.string()),
  /** Whether the second half is done, too. */
  isOnlineDone: v.boolean(),
  /**
   * What counts, for the second half: it needn't read the texts again, which costs more than all that it does. Absent when
   * nothing usable was found; may hold secrets. Ours: nobody else writes this file.
   */
  decision: v.optional(v.custom<Decision>((value) => typeof value === "object")),
});

export type Report = v.InferOutput<typeof Report>;

/** Undefined before the first half ran, and when somebody spoiled it. */
export function readReport(host: Host): Report | undefined {
  return readJson(host, places.report, 8 * MAX_SOURCE_BYTES, Report);
}

export function writeReport(host: Host, report: Report): void {
  host.writeFile(places.report, JSON.stringify(report), { mode: 0o600 });
  host.writeFile(places.statusLine, `${reportLine(report)}\n`);
}

/** One line for the console. */
export function reportLine({ uses, origin, refusals, problems }: Report): string {
  const count = refusals.length + problems.length;
  const troubles =
    count === 0 ? "" : `; ${count} ${count === 1 ? "problem" : "problems"}: kubesolo-os-agent status`;
  if (uses === "found") return `${origin}${troubles}`;
  if (uses === "last good") return `NOT USED, the last good one counts instead (${origin})${troubles}`;
  return refusals.length === 0 ? "built-in defaults" : `NOT USED, built-in defaults count instead${troubles}`;
}

/** All of it for a person; no text of the configuration itself. */
export function describeReport(report: Report): string {
  const { instanceId, sha256, appliedMs, refusals, warnings, problems, isOnlineDone } = report;
  const rows = [
    ["configuration", reportLine(report)],
    ...(instanceId === undefined ? [] : [["instance", instanceId]]),
    ...(sha256 === undefined ? [] : [["sha256", sha256]]),
    ["applied", new Date(appliedMs).toISOString()],
    ["commands and the like", isOnlineDone ? "done" : "waiting for the network or still running"],
    ...refusals.map((text) => ["refused", text]),
    ...problems.map((text) => ["problem", text]),
    ...warnings.map((text) => ["warning", text]),
  ];
  return rows.map(([name = "", text]) => `${name.padEnd(22)} ${text}\n`).join("");
}
