// Which keys are there that shouldn't be: a walk through a schema and a value side by side. Pure.
import * as v from "valibot";
import { nearestHint } from "./nearest.ts";
import { type Finding, type Path, quoted } from "./problems.ts";
import type { KeyNote } from "./schema/key-notes.ts";
import type { AnySchema } from "./schema/kinds.ts";
import { isSecret } from "./secrets.ts";

/** What valibot's schemas are made of, as far as the walk looks into them. */
interface Shape {
  readonly type: string;
  readonly pipe?: readonly { readonly type: string; readonly metadata?: KeyNote }[];
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly item?: AnySchema;
  readonly value?: AnySchema;
  readonly wrapped?: AnySchema;
  readonly options?: readonly AnySchema[];
  /** Of a variant: the key that says which one. */
  readonly key?: string;
}

const UNKNOWN_HERE = "has a key that is unknown (it isn't shown: it may be secret)";

/** Finding the nearest name takes a while; nobody misspells hundreds of keys in one mapping. */
const MAX_HINTED = 200;

/** valibot leaves them out of records, and says nothing. */
const LEFT_OUT = ["__proto__", "constructor", "prototype"];

export function checkKeys(schema: AnySchema, value: unknown, path: Path = []): Finding[] {
  const shape = schema as unknown as Shape;
  if (value === null || value === undefined) return [];
  if (shape.wrapped !== undefined) return checkKeys(shape.wrapped, value, path);
  if (shape.type === "union") {
    const option = shape.options?.find((each) => hasKind(each as unknown as Shape, value));
    return option === undefined ? [] : checkKeys(option, value, path);
  }
  if (shape.type === "variant" && typeof value === "object" && !Array.isArray(value))
    return checkVariant(shape, value as Readonly<Record<string, unknown>>, path);
  if (shape.type === "array" && Array.isArray(value)) {
    return value.flatMap((item, index) => checkKeys(shape.item as AnySchema, item, [...path, index]));
  }
  if (typeof value !== "object") return [];
  // For valibot a list is an object, too.
  if (["record", "object", "variant"].includes(shape.type) && Array.isArray(value))
    return [{ severity: "error", path, message: "must be a mapping of keys, not a list" }];
  if (shape.type === "record") {
    return Object.entries(value).flatMap(([key, item]) =>
      LEFT_OUT.includes(key)
        ? [noName(key, [...path, key])]
        : checkKeys(shape.value as AnySchema, item, [...path, key]),
    );
  }
  if (shape.type !== "object") return [];
  return Object.entries(value).flatMap(([key, item], index) =>
    checkKey(shape.entries ?? {}, key, item, path, index < MAX_HINTED),
  );
}

function noName(key: string, path: Path): Finding {
  return { severity: "error", path, message: `${quoted(key)} can't be a name here`, isAboutKey: true };
}

/** Of a variant that is refused, nothing else counts. */
function checkVariant(
  { key = "", options = [] }: Shape,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Finding[] {
  const chosen = options.find((option) => v.is(entriesOf(option)[key] as AnySchema, value[key]));
  if (chosen === undefined) return [];
  const { refused, ignored } = noteOf(entriesOf(chosen)[key] as AnySchema);
  if ((refused ?? ignored) === undefined) return checkKeys(chosen, value, path);
  return checkKey(entriesOf(chosen), key, value[key], path, false);
}

function entriesOf(schema: AnySchema): Readonly<Record<string, AnySchema>> {
  return (schema as unknown as Shape).entries ?? {};
}

/** The notes of a schema, from wherever in its layers they stand. */
function noteOf(schema: AnySchema): KeyNote {
  const { pipe, wrapped } = schema as unknown as Shape;
  const own = pipe?.find((action) => action.type === "metadata")?.metadata;
  return own ?? (wrapped === undefined ? {} : noteOf(wrapped));
}

function checkKey(
  entries: Readonly<Record<string, AnySchema>>,
  key: string,
  item: unknown,
  path: Path,
  isHinted: boolean,
): Finding[] {
  const keyPath = [...path, key];
  const schema = Object.hasOwn(entries, key) ? entries[key] : undefined;
  if (schema === undefined) {
    const usable = Object.keys(entries).filter(
      (each) => noteOf(entries[each] as AnySchema).refused === undefined,
    );
    const hint = isHinted ? nearestHint(key, usable) : undefined;
    // Whoever writes "root: secret" below chpasswd has it in the place of a key.
    if (hint === undefined && isSecret(path))
      return [{ severity: "warning", path, message: UNKNOWN_HERE, isAboutKey: true }];
    return [
      { severity: "warning", path: keyPath, message: `unknown key ${quoted(key)}`, hint, isAboutKey: true },
    ];
  }
  if (item === null) return [];
  const { refused, ignored, unless, hint } = noteOf(schema);
  if ((refused ?? ignored) !== undefined && unless === undefined && asksForNothing(item)) return [];
  if (refused !== undefined)
    return [{ severity: "error", path: keyPath, message: refused, hint, isAboutKey: true }];
  if (ignored !== undefined) {
    if (unless !== undefined && !isOther(schema, item, unless)) return [];
    return [{ severity: "warning", path: keyPath, message: `no effect: ${ignored}`, hint, isAboutKey: true }];
  }
  return checkKeys(schema, item, keyPath);
}

/** Who writes `packages: []` wants no packages. */
function asksForNothing(item: unknown): boolean {
  if (item === false || item === "") return true;
  return typeof item === "object" && item !== null && Object.keys(item).length === 0;
}

/** What isn't right at all is told of elsewhere. */
function isOther(schema: AnySchema, item: unknown, unless: unknown): boolean {
  const { success, output } = v.safeParse(schema, item);
  return success && output !== unless;
}

function hasKind(shape: Shape, value: unknown): boolean {
  if (shape.wrapped !== undefined) return hasKind(shape.wrapped as unknown as Shape, value);
  if (shape.type === "array") return Array.isArray(value);
  return (
    (shape.type === "object" || shape.type === "record") && typeof value === "object" && !Array.isArray(value)
  );
}
