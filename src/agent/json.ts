// The agent's own notes, and what others tell it, as JSON: what isn't of the schema is as good as not there.
import * as v from "valibot";
import { readOwnText } from "./expected.ts";
import type { Host } from "./host.ts";

/** Undefined when the text isn't JSON of the schema, or there is none. */
export function parseJson<T>(text: string | undefined, schema: v.GenericSchema<unknown, T>): T | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return result.success ? result.output : undefined;
}

/** The same of a file; undefined, too, when it is missing. */
export function readJson<T>(
  host: Host,
  path: string,
  maxBytes: number,
  schema: v.GenericSchema<unknown, T>,
): T | undefined {
  return parseJson(readOwnText(host, path, maxBytes), schema);
}

/** The same, for who has to know whether there was a file: one that can't be read is damaged, too. */
export function findJson<T>(
  host: Host,
  path: string,
  maxBytes: number,
  schema: v.GenericSchema<unknown, T>,
): T | "missing" | "damaged" {
  return readJson(host, path, maxBytes, schema) ?? (host.stat(path) === undefined ? "missing" : "damaged");
}
