// Numbers that a seed decides: the same seed gives the same ones, in any runtime. Pure.

export interface Random {
  /** A whole number from 0 to below. */
  readonly number: (below: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
}

/** mulberry32: small, and good enough to pick with. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return { number, pick: (items) => items[number(items.length)] as (typeof items)[number] };
}

/** One of many that a seed gives: number 7 is the same whoever makes it, and in whichever order. */
export function makeRandomOf(seed: number, index: number): Random {
  return makeRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
}
