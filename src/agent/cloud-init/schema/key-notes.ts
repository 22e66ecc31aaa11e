// Keys that are known, and do here nothing, or not what they do elsewhere.
import * as v from "valibot";
import { type AnySchema, anything } from "./kinds.ts";

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
