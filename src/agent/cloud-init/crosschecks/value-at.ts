/** What stands at a path of names, or the last thing on the way that is there. */
export function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined || value === null || typeof value !== "object") return value;
  return valueAt((value as Record<string, unknown>)[name], rest);
}
