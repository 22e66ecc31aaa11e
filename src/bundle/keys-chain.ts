// Every keys.json so far, by its number: a device that missed some follows them, one after the other. Pure.

import { nodeMath } from "../lib/signature-math.ts";
import { type KeysVerdict, parseUpdateKeys, rotateKeys, type UpdateKeys } from "../release/update-keys.ts";

/** A keys.json with the files that sign it. */
export interface SignedKeys {
  /** The file, and `where` it was found, for a person. */
  readonly text: string;
  readonly where: string;
  readonly signatures: readonly string[];
}

export interface KeysChain {
  /** From the oldest known on. */
  readonly links: readonly (SignedKeys & { readonly keys: UpdateKeys })[];
  /** Those that count now. */
  readonly current: UpdateKeys;
}

/**
 * The chain that `own` keys make, which a person has, with those that were published before; the last of the own ones counts.
 * The first one that is known is trusted as it is.
 */
export function joinKeys(
  own: readonly SignedKeys[],
  published: readonly SignedKeys[],
): KeysChain | { readonly problems: readonly string[] } {
  const read = [...own, ...published].map((signed) => ({ signed, verdict: judge(signed) }));
  const unreadable = read.flatMap(({ signed, verdict }) =>
    "refusal" in verdict ? [`${signed.where}: ${verdict.refusal}`] : [],
  );
  if (unreadable.length > 0) return { problems: unreadable };
  const known = read.flatMap(({ signed, verdict }) =>
    "keys" in verdict ? [{ ...signed, keys: verdict.keys }] : [],
  );
  const links = known
    .filter(({ keys }, index) => known.findIndex((other) => other.keys.number === keys.number) === index)
    .sort((one, other) => one.keys.number - other.keys.number);
  const problems = [
    ...known.flatMap((each) => {
      const link = links.find(({ keys }) => keys.number === each.keys.number);
      return link === undefined || link.text === each.text
        ? []
        : [`${each.where} has other keys of the number ${each.keys.number} than ${link.where}`];
    }),
    ...links.slice(1).flatMap((link, index) => linkProblems(links[index]?.keys, link)),
    ...laterProblems(own.length, known),
  ];
  const current = links.at(-1)?.keys;
  return problems.length > 0 || current === undefined ? { problems } : { links, current };
}

function judge({ text }: SignedKeys): KeysVerdict {
  return parseUpdateKeys(text, nodeMath);
}

function linkProblems(before: UpdateKeys | undefined, { text, where, signatures }: SignedKeys): string[] {
  if (before === undefined) return [];
  const verdict = rotateKeys(before, { bytes: Buffer.from(text), text, signatures }, nodeMath);
  return "refusal" in verdict ? [`${where}: ${verdict.refusal}`] : [];
}

/** Whoever publishes with old keys would have devices with newer ones refuse it. */
function laterProblems(ownCount: number, known: readonly { where: string; keys: UpdateKeys }[]): string[] {
  const newest = Math.max(...known.slice(0, ownCount).map(({ keys }) => keys.number));
  return known
    .slice(ownCount)
    .filter(({ keys }) => keys.number > newest)
    .map(({ where, keys }) => `${where} has the number ${keys.number}, and your newest keys have ${newest}`);
}
