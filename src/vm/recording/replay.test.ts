import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { makeRandom } from "../../lib/random.ts";
import { flushBoundaries, writesAfter } from "./power-cut.ts";
import { Replay } from "./replay.ts";
import { formatLog, SECTOR_BYTES } from "./write-log.ts";

const directory = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(directory, { recursive: true }));
const disk = join(directory, "disk.img");
const log = join(directory, "writes.log");

/** Fills sectors with a letter; "" is a flush. */
type Entry = readonly [letter: string, sector: number, sectors: number];

function writeLog(entries: readonly Entry[]): void {
  const formatted = entries.map(([letter, sector, sectors]) =>
    letter === "" ? { flags: 1 } : { sector, bytes: Buffer.alloc(sectors * SECTOR_BYTES, letter) },
  );
  writeFileSync(log, formatLog(formatted));
}

/** A letter a sector. */
const sectors = (): string =>
  [0, 1, 2, 3].map((sector) => readFileSync(disk, "latin1")[sector * SECTOR_BYTES]).join("");

beforeEach(() => {
  writeFileSync(disk, ".".repeat(4 * SECTOR_BYTES));
  writeLog([
    ["a", 0, 2],
    ["", 0, 0],
    ["b", 1, 3],
    ["", 0, 0],
  ]);
});

test("the disk at each moment, forwards", () => {
  using replay = new Replay(disk, log);
  expect(sectors()).toBe("....");
  expect(replay.forwardTo(2)).toHaveLength(2);
  expect(sectors()).toBe("aa..");
  replay.forwardTo(4);
  expect(sectors()).toBe("abbb");
  expect(() => replay.forwardTo(2)).toThrow("from write 4 to 2");
  expect(() => replay.forwardTo(5)).toThrow("to 5 of 4");
});

test("some sectors of what comes next are there for a while", async () => {
  using replay = new Replay(disk, log);
  replay.forwardTo(2);
  const [write] = replay.writes.slice(2);
  if (write === undefined) throw new Error("no write");
  const kept = [
    { write, index: 0 },
    { write, index: 2 },
    { write, index: 0 },
  ];
  await replay.withSectors(kept, async () => expect(sectors()).toBe("ab.b"));
  expect(sectors()).toBe("aa..");
  await expect(replay.withSectors(kept, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(sectors()).toBe("aa..");
});

test("a write behind the disk's end is refused", () => {
  writeLog([["a", 3, 2]]);
  using replay = new Replay(disk, log);
  expect(() => replay.forwardTo(1)).toThrow("behind the disk's end");
});

/** A disk with a cache, of which the power is cut behind the last entry, a flush: what it has when it did that flush, and when it only said so. */
function cutBehindFlush(entries: readonly Entry[]): { flushed: string; lied: string } {
  let [medium, before, cached] = ["....", "....", "...."];
  for (const [letter, sector, sectors] of entries) {
    if (letter === "") [before, medium] = [medium, cached];
    else cached = cached.slice(0, sector) + letter.repeat(sectors) + cached.slice(sector + sectors);
  }
  return { flushed: medium, lied: before };
}

test("a disk that loses its last flush is the one of the boundary before, and that with the epoch is the next", async () => {
  const random = makeRandom(1);
  const entries = Array.from("abcdefghijklmnopqrstuvwxyz".repeat(4), (letter): Entry => {
    if (random.number(3) === 0) return ["", 0, 0];
    const sector = random.number(4);
    return [letter, sector, 1 + random.number(4 - sector)];
  });
  writeLog(entries);
  using replay = new Replay(disk, log);
  const boundaries = flushBoundaries(replay.writes);
  expect(boundaries.length).toBeGreaterThan(20);
  for (const [index, cut] of boundaries.slice(1).entries()) {
    const { flushed, lied } = cutBehindFlush(entries.slice(0, cut));
    const epoch = writesAfter(replay.writes, boundaries, boundaries[index] ?? 0);
    const all = epoch.flatMap((write) =>
      Array.from({ length: write.sectors }, (_, at) => ({ write, index: at })),
    );
    expect(sectors()).toBe(lied);
    await replay.withSectors(all, async () => expect(sectors()).toBe(flushed));
    replay.forwardTo(cut);
    expect(sectors()).toBe(flushed);
  }
});
