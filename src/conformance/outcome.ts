// Pure: what a run of the specs says, set against the exceptions that we know.
import type { Exception } from "./exceptions.ts";
import type { SpecResult } from "./report.ts";

export interface Outcome {
  readonly passed: readonly SpecResult[];
  /** Not passed, for a reason that is known. */
  readonly excepted: readonly (SpecResult & { readonly reason: string })[];
  /** Not passed, and nobody knows why. */
  readonly surprises: readonly SpecResult[];
  /** Exceptions whose spec has passed: no longer true. */
  readonly outdated: readonly Exception[];
}

export function judge(results: readonly SpecResult[], exceptions: readonly Exception[]): Outcome {
  const reasons = new Map(exceptions.map(({ name, reason }) => [name, reason]));
  const passed = results.filter(({ state }) => state === "passed");
  const others = results.filter(({ state }) => state !== "passed");
  const passedNames = new Set(passed.map(({ name }) => name));
  return {
    passed,
    excepted: others.flatMap((result) => {
      const reason = reasons.get(result.name);
      return reason === undefined ? [] : [{ ...result, reason }];
    }),
    surprises: others.filter(({ name }) => !reasons.has(name)),
    outdated: exceptions.filter(({ name }) => passedNames.has(name)),
  };
}

/** The lines for a terminal: what didn't pass, then the counts. */
export function describeOutcome({ passed, excepted, surprises, outdated }: Outcome): string {
  return [
    ...surprises.map(({ name, state, message }) => `${state}: ${name}\n${indent(message)}`),
    ...excepted.map(({ name, reason }) => `known: ${name}\n    ${reason}`),
    ...outdated.map(({ name }) => `passes now, take it from the exceptions: ${name}`),
    `${passed.length} passed, ${surprises.length} failed, ${excepted.length} known not to pass`,
  ].join("\n");
}

/** The section of docs/conformance.md that a run writes. */
export function resultSection({ passed, excepted, surprises }: Outcome, version: string): string {
  const others = [
    ...excepted.map(({ name, reason }) => `| ${name} | ${reason} |`),
    ...surprises.map(({ name, message }) => `| ${name} | **${firstLine(message)}** |`),
  ];
  const total = passed.length + others.length;
  const counts = `Kubernetes ${version}: **${passed.length} of ${total} specs pass.**`;
  if (others.length === 0) return `${RESULT_HEADING}\n\n${counts}\n`;
  return [RESULT_HEADING, "", counts, "", "| spec that does not | why |", "|---|---|", ...others, ""].join(
    "\n",
  );
}

const RESULT_HEADING = "## Result";

/** The document with another result at its end. */
export function replaceResult(document: string, section: string): string {
  const start = document.indexOf(`${RESULT_HEADING}\n`);
  if (start < 0) throw new Error(`no heading "${RESULT_HEADING}" in the document`);
  return document.slice(0, start) + section;
}

function indent(message: string): string {
  const lines = message.trim().split("\n").slice(0, 4);
  return lines.map((line) => `    ${line}`).join("\n");
}

function firstLine(message: string): string {
  return (message.trim().split("\n")[0] ?? "").replaceAll("|", "\\|");
}
