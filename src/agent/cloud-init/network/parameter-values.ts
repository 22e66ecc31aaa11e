// What a parameter of a bond or a bridge may be: as people write it → as the kernel's sysfs takes it.
import * as v from "valibot";
import { type KeyTable, makeKeys, mapping, matching, maybe, wholeNumber } from "../schema/kinds.ts";
import { described, flag, integer } from "./values.ts";

/** A parameter of the kernel: what it may be, and what it is for, in words. */
export type Parameter = readonly [schema: () => v.GenericSchema<unknown, string>, text: string];
/** By the kernel's names. */
export type Parameters = Readonly<Record<string, Parameter>>;
/** Names that people write → the kernel's. */
export type Names = Readonly<Record<string, string>>;

/** A mapping of parameters by the names given, beside keys that have no effect. */
export function parameterSchema(
  names: Names,
  parameters: Parameters,
  unused: KeyTable,
  given?: readonly string[],
): v.GenericSchema<unknown, Readonly<Record<string, unknown>>> {
  const used = Object.entries(names).flatMap(([key, name]) => {
    const [schema, text] = parameters[name] ?? [];
    return schema && text !== undefined ? [[key, () => described(maybe(schema()), text)] as const] : [];
  });
  return mapping(makeKeys({ ...Object.fromEntries(used), ...unused }, given));
}

/** By the kernel's names. */
export function namedByKernel(
  written: Readonly<Record<string, unknown>> | null | undefined,
  names: Names,
): Record<string, string> {
  const named = Object.entries(written ?? {}).flatMap(([key, value]) => {
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    return name === undefined || value == null ? [] : [[name, String(value)] as const];
  });
  return Object.fromEntries(named);
}

export const number = (from: number, to: number) => () => v.pipe(integer(from, to), v.transform(String));

export const onOff = () =>
  v.pipe(
    flag,
    v.transform((isOn) => (isOn ? "1" : "0")),
  );

/** A word, or its number, as the kernel and ifupdown have it. */
export const word =
  (...words: string[]) =>
  () => {
    const what = `one of ${words.join(", ")}`;
    return v.pipe(
      v.union([v.picklist(words, what), integer(0, words.length - 1, what)], what),
      v.transform((value) => (typeof value === "number" ? (words[value] ?? "") : value)),
    );
  };

const TIME = "a time in milliseconds, such as 100 or 1s";

/** "100ms" and "1s" too. */
export const milliseconds = () =>
  v.pipe(
    v.union([wholeNumber(0, 999_999_999, TIME), matching(/^\d{1,9}(?:ms|s)?$/, TIME)], TIME),
    v.transform((value) => {
      const text = String(value);
      return String(Number.parseInt(text, 10) * (/\ds$/.test(text) ? 1000 : 1));
    }),
  );

/** The kernel's unit is a hundredth of a second. */
export const seconds = (from: number, to: number) => () =>
  v.pipe(
    integer(from, to),
    v.transform((value) => String(value * 100)),
  );
