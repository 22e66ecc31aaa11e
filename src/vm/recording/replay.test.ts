import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Replay } from "./replay.ts";
import { formatLog, SECTOR_BYTES } from "./write-log.ts";

const directory = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(directory, { recursive: true }));
const disk = join(directory, "disk.img");
const log = join(directory, "writes.log");

/** Each entry fills sectors with a letter; "" is a flush. */
function writeLog(entries: readonly (readonly [letter: string, sector: number, sectors: number])[]): void {
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
