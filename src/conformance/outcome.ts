// Pure: what a run of the specs says, set against the exceptions that we know.
import type { Exception } from "./exceptions.ts";
import type { SpecResult } from "./report.ts";
import type { Suite } from "./suites.ts";

/** Characters: some messages print whole objects behind the reason. */
const LONGEST_REASON = 160;

export interface Outcome {
  readonly passed: readonly SpecResult[];
  /** Not passed, for a reason that is known. */
  readonly excepted: readonly (SpecResult & { readonly reason: string })[];
  /** Not passed, and nobody knows why. */
  readonly surprises: readonly SpecResult[];
  /** They found themselves that they can't run here. */
  readonly withdrawn: readonly SpecResult[];
  /** Exceptions whose spec has passed: no longer true. */
  readonly outdated: readonly Exception[];
}

/** Of a strict suite none may withdraw. */
export function judge(
  results: readonly SpecResult[],
  exceptions: readonly Exception[],
  isStrict: boolean,
): Outcome {
  const reasons = new Map(exceptions.map(({ name, reason }) => [name, reason]));
  const passed = results.filter(({ state }) => state === "passed");
  const withdrawn = isStrict ? [] : results.filter(({ state }) => state === "skipped");
  const others = results.filter((result) => result.state !== "passed" && !withdrawn.includes(result));
  const passedNames = new Set(passed.map(({ name }) => name));
  return {
    passed,
    excepted: others.flatMap((result) => {
      const reason = reasons.get(result.name);
      return reason === undefined ? [] : [{ ...result, reason }];
    }),
    surprises: others.filter(({ name }) => !reasons.has(name)),
    withdrawn,
    outdated: exceptions.filter(({ name }) => passedNames.has(name)),
  };
}

/** The lines for a terminal: what didn't pass, then the counts. */
export function describeOutcome({ passed, excepted, surprises, withdrawn, outdated }: Outcome): string {
  return [
    ...surprises.map(({ name, state, message }) => `${state}: ${name}\n${indent(message)}`),
    ...excepted.map(({ name, reason }) => `known: ${name}\n    ${reason}`),
    ...outdated.map(({ name }) => `passes now, take it from the exceptions: ${name}`),
    [
      `${passed.length} passed`,
      `${surprises.length} failed`,
      `${excepted.length} known not to pass`,
      ...(withdrawn.length > 0 ? [`${withdrawn.length} not for such a node`] : []),
    ].join(", "),
  ].join("\n");
}

/** The section of docs/conformance.md that a run of the suite writes. */
export function suiteSection(suite: Suite, outcome: Outcome, version: string): string {
  const { passed, excepted, surprises, withdrawn } = outcome;
  const others = [
    ...excepted.map(({ name, reason }) => [name, reason] as const),
    ...surprises.map(({ name, message }) => [name, `**${firstLine(message)}**`] as const),
  ];
  const total = passed.length + others.length;
  return [
    headingOf(suite.title),
    `Kubernetes ${version}: **${passed.length} of ${total} specs pass.**`,
    ...table("spec that does not | why", others),
    ...table("specs that find that they are not for such a node | why", countReasons(withdrawn)),
    ...table(
      "specs that are not run | why",
      suite.omissions.map(({ pattern, reason }) => [`\`${cell(pattern)}\``, reason] as const),
    ),
    "",
  ].join("\n\n");
}

/** A result's place is between its heading and the next one. */
export function replaceResult(document: string, title: string, section: string): string {
  const heading = `${headingOf(title)}\n`;
  const start = document.indexOf(heading);
  if (start < 0) throw new Error(`no heading "${headingOf(title)}" in the document`);
  const next = document.indexOf("\n### ", start + heading.length);
  const end = next < 0 ? "" : document.slice(next + 1);
  return (
    document.slice(0, start) + (end === "" ? `${section.trimEnd()}\n` : `${section.trimEnd()}\n\n${end}`)
  );
}

const headingOf = (title: string) => `### ${title}`;

/** Nothing, when there are no rows. */
function table(heads: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(([left, right]) => `| ${left} | ${right} |`);
  return [[`| ${heads} |`, "|---|---|", ...lines].join("\n")];
}

/** Many specs say the same of their drivers; the most frequent reason comes first. */
function countReasons(results: readonly SpecResult[]): [string, string][] {
  const counts = new Map<string, number>();
  for (const { message } of results) {
    const reason = generalize(firstLine(message));
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([reason, count]) => [`${count}`, reason]);
}

/** Names of drivers and of what they can't do are in quotes or after a hyphen; counts of nodes are numbers. */
function generalize(reason: string): string {
  return reason.replace(/^Driver "?[\w-]+"?/, "Driver …");
}

function indent(message: string): string {
  const lines = message.trim().split("\n").slice(0, 4);
  return lines.map((line) => `    ${line}`).join("\n");
}

function firstLine(message: string): string {
  const line = message.trim().split("\n")[0] ?? "";
  return cell(line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON).replace(/\S*$/, "")}…` : line);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
