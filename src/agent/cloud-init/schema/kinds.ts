// The kinds of values that a configuration is made of. A message is what would be right, as a noun phrase:
// validate.ts makes "must be MESSAGE, not VALUE" of it.
import * as v from "valibot";
import { quoted } from "../problems.ts";

/** What the schema knows of a key besides its type; keys.ts acts on it. */
export interface KeyNote {
  /** The key is known, and can't have its effect here: an error with the reason. */
  readonly refused?: string;
  /** The key is known, and has no effect here: a warning with the reason. */
  readonly ignored?: string;
  /** The value that says what is so anyway: nobody is warned of it. */
  readonly unless?: string | boolean;
  readonly hint?: string;
}

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

/** A key that can't do here what it does elsewhere. */
export function refused(reason: string, hint?: string) {
  return v.pipe(anything, v.metadata(note({ refused: reason, hint })));
}

/** A value of a variant's key that is known, and isn't taken. */
export function refusedWord<const W extends string>(word: W, reason: string, hint?: string) {
  return v.pipe(v.literal(word), v.metadata(note({ refused: reason, hint })));
}

/** The same of one that does no harm: what it says is left out. */
export function ignoredWord<const W extends string>(word: W, reason: string) {
  return v.pipe(v.literal(word), v.metadata(note({ ignored: reason })));
}

/** A key that has no effect here, and does no harm. */
export function ignored(reason: string, hint?: string) {
  return v.pipe(anything, v.metadata(note({ ignored: reason, hint })));
}

/** A key that has an effect nowhere but in one value, which is how things are here anyway. */
export function ignoredUnless<const S extends AnySchema>(
  unless: string | boolean,
  schema: S,
  reason: string,
) {
  return v.pipe(schema, v.metadata({ ignored: reason, unless }));
}

function note({ hint, ...rest }: { refused?: string; ignored?: string; hint?: string | undefined }) {
  return { ...rest, ...(hint !== undefined && { hint }) };
}

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

const HOST_NAME = "a host name such as node-1";
/** One with dots is a domain name. */
export const hostName = v.pipe(
  v.string(HOST_NAME),
  v.rawCheck<string>(({ dataset, addIssue }) => {
    const reason = dataset.typed ? whyNoName(dataset.value) : undefined;
    if (reason !== undefined)
      addIssue({ message: `${quoted(dataset.value)} can't be a host name: ${reason}` });
  }),
);

function whyNoName(name: string): string | undefined {
  const parts = name.replace(/\.$/, "").split(".");
  const odd = [...name].find((character) => !/[A-Za-z0-9.-]/.test(character));
  if (odd === "_") return 'it has a "_"; take a hyphen instead';
  if (odd === " ") return "it has a space in it";
  if (odd !== undefined) return `it has ${quoted(odd)} in it; there may be letters, digits and hyphens`;
  if (name === "" || parts.includes("")) return "a part of it is empty";
  if (parts.some((part) => part.length > 63)) return "a part of it has more than 63 characters";
  if (name.length > 253) return "it has more than 253 characters";
  if (parts.some((part) => /^-|-$/.test(part))) return "a part of it begins or ends with a hyphen";
  return undefined;
}

export const domainName = v.pipe(
  matching(new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`), "a name such as node-1.example.com"),
  v.maxLength(253, "a name such as node-1.example.com, 253 characters at most"),
);

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
export const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6 = /^(?=.*:)[0-9a-fA-F:.]{2,45}$/;

/** A server's name or its address. */
export const serverName = v.pipe(
  v.string("a name or an address of a server"),
  v.check(
    (value) => IPV4.test(value) || IPV6.test(value) || v.is(domainName, value),
    "a name or an address of a server, such as ntp.example.com",
  ),
);

/** As it is written; a key that can't be missing needs its description before it is read. */
export const absoluteForm = v.pipe(
  v.string("an absolute path"),
  v.check(isAbsolutePath, "an absolute path without .., such as /etc/kubesolo/ca.crt"),
);
export const absolutePath = v.pipe(absoluteForm, v.transform(normalPath));

/** Without what says nothing: /usr/local//./b is /usr/local/b. */
export function normalPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

function isAbsolutePath(path: string): boolean {
  const parts = path.split("/");
  if (!path.startsWith("/") || path.length >= 4096 || parts.includes("..")) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file has them in its name by intent
  return !["", "."].includes(parts[parts.length - 1] as string) && !/[\0-\x1f\x7f]/.test(path);
}
