// Holds a value against a valibot schema: all problems at once, unknown keys with the nearest known name. Pure.
import * as v from "valibot";
import { nearestHint } from "../nearest.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";

export type Schema<T> = v.GenericSchema<unknown, T>;

/** Keys that we know and don't use: why, and whether a configuration can be used that has one. */
export type Unused = Readonly<Record<string, { readonly reason: string; readonly isError?: boolean }>>;

export interface Checked<T> {
  /** undefined when there are errors. */
  readonly value?: T;
  readonly problems: readonly Finding[];
}

export function checkShape<T>(schema: Schema<T>, value: unknown, path: Path): Checked<T> {
  const result = v.safeParse(schema, value);
  const problems = [...(result.issues ?? []).map((issue) => problemOf(issue, path))];
  return result.success ? { value: result.output, problems } : { problems };
}

/** An object of these keys; others are told of. `undefined` and `null` both stand for "not there", as in YAML. */
export function checkKeys(value: unknown, known: readonly string[], unused: Unused, path: Path): Finding[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, content]) => {
    if (known.includes(key) || content === null) return [];
    const why = own(unused, key);
    if (why !== undefined) return [(why.isError ? error : warning)([...path, key], why.reason)];
    return [
      warning([...path, key], `unknown key "${key}"`, nearestHint(key, [...known, ...Object.keys(unused)])),
    ];
  });
}

/** What a table has under a name that a person wrote, which may be "constructor". */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The entries of a mapping, each with its place; the problem when it is none. */
export function entriesOf(
  value: unknown,
  path: Path,
): { entries: [string, unknown, Path][]; problems: Finding[] } {
  if (value === undefined || value === null) return { entries: [], problems: [] };
  if (typeof value !== "object" || Array.isArray(value))
    return { entries: [], problems: [error(path, `must be a mapping, not ${sayValue(value)}`)] };
  return {
    entries: Object.entries(value).map(([key, content]) => [key, content, [...path, key]]),
    problems: [],
  };
}

/** The items of a list, each with its place; the problem when it is none. */
export function itemsOf(value: unknown, path: Path): { items: [unknown, Path][]; problems: Finding[] } {
  if (value === undefined || value === null) return { items: [], problems: [] };
  if (!Array.isArray(value))
    return { items: [], problems: [error(path, `must be a list, not ${sayValue(value)}`)] };
  return { items: value.map((item: unknown, i) => [item, [...path, i]]), problems: [] };
}

export function sayValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  if (value === undefined) return "missing";
  return typeof value === "string"
    ? `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`
    : String(value);
}

const names: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  Array: "a list",
  Object: "a mapping",
};

function problemOf(issue: v.BaseIssue<unknown>, base: Path): Finding {
  const path = [...base, ...(issue.path ?? []).map(({ key }) => key as string | number)];
  if (issue.kind !== "schema" || issue.type === "custom") return error(path, issue.message);
  if (issue.input === undefined) return error(path, "is missing");
  const expected = (issue.expected ?? "").replace(/[()]/g, "").split(" | ");
  const words = [
    ...new Set(expected.flatMap((each) => (/^(undefined|null)$/.test(each) ? [] : [names[each] ?? each]))),
  ];
  return error(path, `must be ${words.join(" or ")}, not ${sayValue(issue.input)}`);
}
