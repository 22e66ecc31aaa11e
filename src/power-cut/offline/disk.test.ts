import { expect, test } from "vitest";
import type { BootState, Slot } from "../../release/boot-state.ts";
import { formatBlock } from "../../release/boot-state.ts";
import { findStarted, readCopies } from "./boot.ts";
import { isMade } from "./data.ts";
import { type Region, regionOf } from "./disk.ts";

test.each<[number, Region]>([
  [0, "table"],
  [33, "table"],
  [2 * 2048 - 1, "table"],
  [2 * 2048, "KSOLOEFI"],
  [258 * 2048, "KSOLOA"],
  [770 * 2048 - 1, "KSOLOA"],
  [770 * 2048, "KSOLOB"],
  [1282 * 2048, "KSOLODATA"],
  [8_000_000, "KSOLODATA"],
])("sector %d is in %s", (sector, region) => {
  expect(regionOf(sector)).toBe(region);
});

const superblock = (magic: number): Buffer => {
  const bytes = Buffer.alloc(1024);
  bytes.writeUInt16LE(magic, 0x38);
  return bytes;
};

test.each<[string, string, Buffer, boolean]>([
  ["one with a file system", "KSOLODATA", superblock(0xef53), true],
  ["one without", "KSOLODATA", superblock(0), false],
  ["one whose file system is being made", "KSOLONEW", superblock(0xef53), false],
])("data partition: %s", (_, name, bytes, isThere) => {
  expect(isMade(name, bytes)).toBe(isThere);
});

const confirmed: BootState = { generation: 3, activeSlot: "A", floor: 1, reason: "confirmed" };
const activated: BootState = { ...confirmed, generation: 4, activeSlot: "B", trial: 3, reason: "activated" };
const block = (state: BootState): Buffer => Buffer.from(formatBlock(state));
const torn = Buffer.concat([block(activated).subarray(0, 512), Buffer.alloc(512)]);

test.each<[string, [Buffer, Buffer], Slot[], string[]]>([
  ["as it should be", [block(confirmed), block(confirmed)], ["A"], []],
  ["the newer copy counts", [block(confirmed), block(activated)], ["B"], []],
  ["one copy is torn", [block(confirmed), torn.fill(0, 0, 40)], ["A"], []],
  ["both are gone", [Buffer.alloc(1024), Buffer.alloc(1024)], ["A"], ["no copy of the state counts"]],
  ["another slot", [block(activated), block(activated)], ["A"], ["slot B is started, not A"]],
])("the state of the boot: %s", async (_, blocks, allowed, problems) => {
  const started = await findStarted(readCopies(blocks), allowed, async () => []);
  expect(started.problems).toEqual(problems);
});

test("the slot that is meant has to verify, whatever the other one does", async () => {
  const copies = readCopies([block(activated), block(activated)]);
  const started = await findStarted(copies, ["A", "B"], async (slot) =>
    slot === "B" ? ["B is damaged"] : [],
  );
  expect(started).toEqual({ slot: "B", problems: ["B is damaged"] });
});
