// Values → the typed configuration, or all that is wrong with them. Pure.
import * as v from "valibot";
import { checkKeys } from "./keys.ts";
import { type Located, locate, plainValue } from "./located.ts";
import { type Finding, type Path, quoted } from "./problems.ts";
import { type NodeConfig, nodeConfig } from "./schema/schema.ts";
import { isSecret } from "./secrets.ts";

export interface Validated {
  /** undefined when anything is wrong. */
  readonly config?: NodeConfig;
  readonly findings: readonly Finding[];
}

export function validateConfig(root: Located): Validated {
  const value = plainValue(root);
  const keys = checkKeys(nodeConfig, value);
  const result = v.safeParse(nodeConfig, value);
  const issues = result.success ? [] : result.issues.flatMap((issue) => findingsOf(issue, root));
  const findings = [...keys, ...issues];
  const isRefused = findings.some(({ severity }) => severity === "error");
  return { ...(result.success && !isRefused && { config: result.output }), findings };
}

function findingsOf(issue: v.BaseIssue<unknown>, root: Located, above: Path = []): Finding[] {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => key as string | number)];
  const deeper = furthest(issue);
  if (deeper.length > 0) return deeper.flatMap((each) => findingsOf(each, root, path));
  if (issue.type === "raw_check") return [{ severity: "error", path, message: issue.message }];
  if (issue.input === undefined) {
    return [{ severity: "error", path, message: "is missing" }];
  }
  const { shown, hint } = show(locate(root, path), path, issue.expected);
  return [{ severity: "error", path, message: `must be ${issue.message}, not ${shown}`, hint }];
}

/** Of a union's alternatives, the issues of the one that fits furthest into the value. */
function furthest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown>[] {
  const nested = (issue.type === "union" ? issue.issues : undefined) ?? [];
  return nested.filter((each) => (each.path?.length ?? 0) > 0);
}

/** A value as it was written, unless it is a secret or too large to say. */
function show(located: Located, path: Path, expected: string | null): { shown: string; hint?: string } {
  if (located.kind === "list") return { shown: "a list" };
  if (located.kind === "mapping") {
    const isLine = expected?.includes("string");
    return { shown: "a mapping", ...(isLine && { hint: 'text with ": " in it must stand in quotes' }) };
  }
  const { value, source } = located;
  if (value === null) return { shown: "nothing" };
  if (isSecret(path)) return { shown: "what is there (a secret, not shown)" };
  if (typeof value === "string") return { shown: quoted(value) };
  const isText = expected?.includes("string");
  const read = String(value) === source ? source : `${source}, which YAML reads as ${String(value)}`;
  return { shown: read, ...(isText && { hint: `put it in quotes: "${source}"` }) };
}
