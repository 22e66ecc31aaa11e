/** What stands at a path of names; undefined: nothing. */
export function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (value === null || typeof value !== "object") return undefined;
  return valueAt((value as Record<string, unknown>)[name], rest);
}
