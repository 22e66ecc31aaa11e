// The kinds of values that a configuration is made of. A message is what would be right, as a noun phrase:
// validate.ts makes "must be MESSAGE, not VALUE" of it.
import * as v from "valibot";

export type AnySchema = v.GenericSchema;

/** Schemas by key. Making all of them takes longer than checking a normal file: each is made when its key is there. */
export type KeyTable = Readonly<Record<string, () => AnySchema>>;
type Made<T extends KeyTable> = { [K in keyof T]: ReturnType<T[K]> };

/** The schemas of the keys given; of all keys when the table lacks one, since the nearest name is looked for. */
export function makeKeys<const T extends KeyTable>(
  table: T,
  given: readonly string[] = Object.keys(table),
): Made<T> {
  const isKnown = given.every((key) => Object.hasOwn(table, key));
  const wanted = Object.entries(table).filter(([key]) => !isKnown || given.includes(key));
  return Object.fromEntries(wanted.map(([key, make]) => [key, make()])) as Made<T>;
}

/** The key may be missing, or stand there without a value. */
export function maybe<const S extends AnySchema>(schema: S) {
  return v.nullish(schema);
}

export function mapping<const E extends v.ObjectEntries>(entries: E) {
  return noList(v.object(entries, MAPPING));
}

/** A mapping of names that people choose. */
export function named<const K extends v.GenericSchema<string, string>, const S extends AnySchema>(
  key: K,
  value: S,
  what: string = MAPPING,
) {
  return noList(v.record(key, value, what));
}

const MAPPING = "a mapping of keys";

/** For valibot a list is a mapping, too: an empty one, or one with the names 0, 1 and so on. */
function noList<const S extends AnySchema>(schema: S): S {
  const context = schema as unknown as v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;
  return {
    ...schema,
    "~run": (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) => {
      if (!Array.isArray(dataset.value)) return schema["~run"](dataset, config);
      v._addIssue(context, "type", dataset, config);
      return dataset;
    },
  };
}

export function text(what: string) {
  return v.string(what);
}

/** Nothing that has a form is longer; and some patterns would take their time. */
const MAX_MATCHED = 4096;

export function matching(pattern: RegExp, what: string) {
  const action = v.regex<string, string>(pattern, what);
  const run: (typeof action)["~run"] = (dataset, config) => {
    if (!dataset.typed || dataset.value.length <= MAX_MATCHED) return action["~run"](dataset, config);
    v._addIssue(action, "format", dataset, config);
    return dataset;
  };
  return v.pipe(v.string(what), { ...action, "~run": run });
}

export function wholeNumber(least: number, most: number, what: string) {
  return v.pipe(v.number(what), v.integer(what), v.minValue(least, what), v.maxValue(most, what));
}

export function listOf<const S extends AnySchema>(item: S, what: string) {
  return v.array(item, what);
}

/** One may be written without the list around it. */
export function oneOrMany<const S extends AnySchema>(item: S, what: string) {
  const alone = v.pipe(
    item,
    v.transform((value): v.InferOutput<S>[] => [value as v.InferOutput<S>]),
  );
  return v.union([v.array(item, what), alone], what);
}

const YES = ["yes", "true", "on", "1"];
const NO = ["no", "false", "off", "0"];

/** Also in quotes, as cloud-init takes it. */
export const truth = v.pipe(
  v.union([v.boolean(), v.string(), v.number()], "yes or no"),
  v.check((value) => [...YES, ...NO].includes(String(value).toLowerCase()), "yes or no"),
  v.transform((value) => YES.includes(String(value).toLowerCase())),
);

/** One for all keys without a type: making a schema takes a while, and there are a hundred of them. */
export const anything = maybe(v.unknown());

/** Names with commas between them. */
export function split(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
