// What is left of a disk's writes when the power is cut. Whatever was flushed is there; of what was written since, a disk has kept
// any sectors, in any order. Pure.
import { createHash } from "node:crypto";
import type { Write } from "./write-log.ts";

/** A moment at which the power is cut: behind so many writes of the log. */
export type Cut = number;

/** The cuts at which nothing is in flight: each behind a flush, and the beginning. */
export function flushBoundaries(writes: readonly Write[]): Cut[] {
  return [0, ...writes.flatMap(({ isForced }, index) => (isForced ? [index + 1] : []))];
}

/** What a disk may have of what comes next, when the power is cut at one of the boundaries. */
export function writesAfter(writes: readonly Write[], boundaries: readonly Cut[], cut: Cut): Write[] {
  return writes.slice(cut, boundaries[boundaries.indexOf(cut) + 1]);
}

/** The first, the last, and others evenly between; all of them when there are no more than `count`, and the middle one when it is 1. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (count >= all.length) return [...all];
  const middle = Math.floor(all.length / 2);
  if (count < 2) return all.slice(middle, middle + count);
  const chosen = Array.from({ length: count }, (_, index) =>
    Math.round((index * (all.length - 1)) / (count - 1)),
  );
  return chosen.flatMap((index) => all.slice(index, index + 1));
}

/** A sector of a write that is on the medium. */
export interface KeptSector {
  readonly write: Write;
  /** Within the write, from 0. */
  readonly index: number;
}

/**
 * What a disk has of an epoch, the writes between two flushes, when the power is cut before the second. `torn`: each sector is kept or
 * lost; `reordered`: each write. Of several that are kept of one sector, any may be the last. The same seed chooses the same.
 */
export function chooseKept(epoch: readonly Write[], how: "torn" | "reordered", seed: number): KeptSector[] {
  const inFlight = epoch.filter(({ is }) => is === "write");
  const drawn = drawBytes(seed, inFlight.length * (KEY_BYTES + 1) + sectorsOf(inFlight));
  const keys = inFlight.map((_, index) => drawn.readUIntBE(index * KEY_BYTES, KEY_BYTES));
  const isWriteKept = (index: number) => isHead(drawn, inFlight.length * KEY_BYTES + index);
  let next = inFlight.length * (KEY_BYTES + 1);
  const kept = inFlight.map((write, place) =>
    Array.from({ length: write.sectors }, (_, index) => {
      const isKept = isHead(drawn, next);
      next += 1;
      return (how === "torn" ? isKept : isWriteKept(place)) ? [{ write, index }] : [];
    }).flat(),
  );
  const order = keys.map((key, place) => ({ key, place })).sort((one, other) => one.key - other.key);
  return order.flatMap(({ place }) => kept[place] ?? []);
}

const KEY_BYTES = 6;

function sectorsOf(writes: readonly Write[]): number {
  return writes.reduce((sum, { sectors }) => sum + sectors, 0);
}

/** As random as a hash, and the same for the same seed. */
function drawBytes(seed: number, count: number): Buffer {
  return createHash("shake256", { outputLength: count }).update(String(seed)).digest();
}

function isHead(drawn: Buffer, at: number): boolean {
  return ((drawn[at] ?? 0) & 1) === 1;
}
