// Passwords as people write them: a hash of crypt(3), or the text itself, which the device hashes before it keeps anything.
import * as v from "valibot";
import { once } from "../../once.ts";

/** One of the two. */
export interface Password {
  readonly hash?: string;
  readonly text?: string;
}

const TEXT = "a password, on one line";
const HASHED = /^\$(?:1|2[abxy]?|5|6|7|y|gy|sha1)\$[^\s:]+$/;
/** What stands for a password that nobody has, as in shadow(5). */
const NONE = /^(?:[!*x]{0,2}|[!*].*)$/s;

/** A hash is known by its form, wherever it stands. A number is a password, too, if YAML reads it as it is written. */
export const password = once(() =>
  v.pipe(
    v.union([v.pipe(v.string(TEXT), v.regex(/^[^\0\r\n]*$/, TEXT)), v.number(TEXT)], TEXT),
    v.transform((written) => passwordOf(String(written))),
  ),
);

/** Where there must be a hash: what is none gives no password. */
export const passwordHash = once(() => v.string("a password's hash, from `openssl passwd -6`"));

export function passwordOf(text: string): Password {
  if (text === "") return {};
  return HASHED.test(text) ? { hash: text } : { text };
}

export function hashOf(text: string): Password | undefined {
  return HASHED.test(text) ? { hash: text } : undefined;
}

/** Whether someone meant it to be no password. */
export function isLocked(text: string): boolean {
  return NONE.test(text);
}

/** "name:password", a line each, as chpasswd(8) takes it: a hash, a text, or R or RANDOM for one that is made up. */
export function passwordLines(text: string): [name: string, password: string][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return colon < 0 ? ["", ""] : [line.slice(0, colon).trim(), line.slice(colon + 1)];
  });
}

export function isRandom(text: string): boolean {
  return text === "R" || text === "RANDOM";
}
