import { InvalidArgumentError } from "commander";

/** An option's value that says how many. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("a whole number from 1");
  return count;
}

/** The same, where none is a number, too. */
export function parseNumber(text: string): number {
  return text === "0" ? 0 : parseCount(text);
}
