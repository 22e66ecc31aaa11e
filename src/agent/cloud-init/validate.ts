// Values → what a schema makes of them, or all that is wrong with them. Pure.
import * as v from "valibot";
import { checkKeys } from "./keys.ts";
import { type Located, locate, plainValue } from "./located.ts";
import { nearestHint } from "./nearest.ts";
import { type Finding, type Path, quoted } from "./problems.ts";
import { isSecret } from "./secrets.ts";

export interface Validated<T> {
  /** undefined when anything is wrong. */
  readonly output?: T;
  readonly findings: readonly Finding[];
}

export function validate<T>(schema: v.GenericSchema<unknown, T>, root: Located): Validated<T> {
  const value = plainValue(root);
  const keys = checkKeys(schema, value);
  const wrong = keys.filter(({ severity }) => severity === "error").map(({ path }) => path);
  const result = v.safeParse(schema, value);
  const issues = result.success ? [] : result.issues.flatMap((issue) => findingsOf(issue, root));
  const findings = [...keys, ...issues.filter(({ path }) => !wrong.some((above) => isBelow(path, above)))];
  const isRefused = findings.some(({ severity }) => severity === "error");
  return { ...(result.success && !isRefused && { output: result.output }), findings };
}

function isBelow(path: Path, above: Path): boolean {
  return above.every((part, index) => path[index] === part);
}

function findingsOf(issue: v.BaseIssue<unknown>, root: Located, above: Path = []): Finding[] {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => key as string | number)];
  const deeper = furthest(issue);
  if (deeper.length > 0) return deeper.flatMap((each) => findingsOf(each, root, path));
  if (issue.type === "raw_check") return [{ severity: "error", path, message: issue.message }];
  if (issue.input === undefined) {
    const hint = issue.type === "variant" ? issue.message : undefined;
    return [{ severity: "error", path, message: "is missing", hint }];
  }
  if (issue.path?.some(({ origin }) => origin === "key")) {
    const message = `must be ${issue.message}, not ${quoted(issue.input)}`;
    return [{ severity: "error", path, message, isAboutKey: true }];
  }
  const { shown, hint = likely(issue) } = show(locate(root, path), path, issue.expected);
  return [{ severity: "error", path, message: `must be ${issue.message}, not ${shown}`, hint }];
}

/** Of words to choose from, the one that is spelled most like what is there. */
function likely({ expected, input }: v.BaseIssue<unknown>): string | undefined {
  const words = [...(expected ?? "").matchAll(/"([^"]+)"/g)].map(([, word]) => word as string);
  return typeof input === "string" && words.length > 0 ? nearestHint(input, words) : undefined;
}

/** Of a union's alternatives, the issues of the one that fits furthest into the value. */
function furthest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown>[] {
  const nested = (issue.type === "union" ? issue.issues : undefined) ?? [];
  return nested.filter(
    (each) => (each.path?.length ?? 0) > 0 || (each.type === "union" && furthest(each).length > 0),
  );
}

/** A value as it was written, unless it is a secret or too large to say. */
function show(located: Located, path: Path, expected: string | null): { shown: string; hint?: string } {
  // Where there may be a number or yes and no, too, the mistake is another one.
  const mayBeText = expected?.includes("string") === true && !/number|boolean/.test(expected);
  const isText = mayBeText && !/Array|Object/.test(expected);
  if (located.kind === "list") return { shown: "a list" };
  if (located.kind === "mapping") {
    return { shown: "this mapping", ...(mayBeText && { hint: 'text with ": " in it must stand in quotes' }) };
  }
  const { value, source } = located;
  if (value === null) return { shown: "nothing" };
  if (isSecret(path, value)) return { shown: "what is there (it isn't shown: it may be secret)" };
  if (typeof value === "string") return { shown: quoted(value) };
  const read = String(value) === source ? source : `${source}, which YAML reads as ${String(value)}`;
  return { shown: read, ...(isText && { hint: `put it in quotes: "${source}"` }) };
}
