// A network in which something is wrong: what can be read of it, so that all mistakes are told at once. Pure.
import * as v from "valibot";

/** Keys that a link can be without, when something in them is wrong: it is there all the same. */
const SPARE = ["addresses", "routes", "parameters", "subnets", "params"];

/** undefined when too much is wrong. */
export function readPart<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined {
  const whole = v.safeParse(schema, value);
  if (whole.success) return whole.output;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).filter(([key]) => !SPARE.includes(key));
  const rest = v.safeParse(schema, Object.fromEntries(entries));
  return rest.success ? rest.output : undefined;
}
