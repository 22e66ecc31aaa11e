// The first half of a boot's configuration: before there is a network. find → choose → keep → apply → tell.

import type { Decision } from "../cloud-init/actions.ts";
import type { ExitCode } from "../exit-code.ts";
import { attempt } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { trustKeys } from "../update/source/configured-keys.ts";
import { applyAtBoot } from "./apply/apply.ts";
import { type Choice, chooseConfiguration, type Load } from "./choice.ts";
import { type Report, reportLine, writeReport } from "./report.ts";
import { BAKED_ORIGIN, readBaked } from "./sources/baked.ts";
import { findConfiguration } from "./sources/find.ts";
import { keep, readKept } from "./sources/kept.ts";
import { closeVolume } from "./sources/volume.ts";

/** Other areas' parts of a boot: each carries its part of a decision out and returns the problems. */
export type Part = (host: Host, decision: Decision) => readonly string[];

/** Applies what counts; the caller's exit code. Whatever is wrong is told, and no reason for a boot to fail. */
export function boot(host: Host, load: Load, parts: readonly Part[]): ExitCode {
  try {
    const choice = chooseConfiguration(
      findConfiguration(host),
      readKept(host) ?? readBaked(host),
      unbreakable(load),
    );
    // Before anything is applied: if somebody's command has us ended, the second half still knows what counts.
    writeReport(host, makeReport(host, choice, []));
    const report = makeReport(host, choice, apply(host, choice, parts));
    writeReport(host, report);
    tell(host, report);
    return 0;
  } finally {
    closeVolume(host);
  }
}

/** What no configuration at all asks for. */
export const nothing: Decision = { instanceId: "defaults", actions: [] };

function apply(host: Host, { uses, origin, sources, decision, refusals }: Choice, parts: readonly Part[]) {
  // Nothing usable anywhere: what is set stays as it is. A node that loses its name becomes another node.
  if (decision === undefined && refusals.length > 0) return [];
  const wanted = decision ?? nothing;
  return [
    ...attempt("the kept copy", () => {
      if (uses === "found" && origin !== BAKED_ORIGIN) keep(host, { origin, sources: [...sources] });
      return [];
    }),
    ...applyAtBoot(host, wanted),
    ...(uses === "found"
      ? attempt("kubesolo.updates.keys", () => trustKeys(host, origin === BAKED_ORIGIN))
      : []),
    ...parts.flatMap((part) => part(host, wanted)),
  ];
}

/**
 * A text that the parser breaks at is as bad as one that it refuses: the last good configuration has the addresses by which
 * somebody could mend it.
 */
function unbreakable(load: Load): Load {
  return (sources) => {
    try {
      return load(sources);
    } catch (error) {
      return { errors: [`a bug: the parser broke: ${error}`], warnings: [] };
    }
  };
}

function makeReport(host: Host, choice: Choice, problems: readonly string[]): Report {
  const { uses, origin, isKept, sources, decision, refusals, warnings } = choice;
  return {
    uses,
    origin: isKept ? `${origin}, the kept copy` : origin,
    ...(decision === undefined
      ? {}
      : { decision, instanceId: decision.instanceId, sha256: host.sha256(JSON.stringify(sources)) }),
    appliedMs: host.now(),
    refusals: [...refusals],
    warnings: [...warnings],
    problems: [...problems],
    isOnlineDone: false,
  };
}

/** On the console; in the log, too, when there is more to say than where it came from. */
function tell(host: Host, report: Report): void {
  const wrong = [...report.refusals, ...report.problems];
  const warnings = report.warnings.map((text) => `warning: ${text}`);
  const lines = [reportLine(report), ...wrong, ...warnings].map((text) => `init: configuration: ${text}`);
  for (const line of lines) host.print("stderr", line);
  if (lines.length === 1) return;
  for (const problem of attempt("the log", () => {
    host.appendFile(places.log, lines.map((line) => `${line}\n`).join(""));
    return [];
  }))
    host.print("stderr", `init: configuration: ${problem}`);
}
