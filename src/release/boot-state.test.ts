import { describe, expect, test } from "vitest";
import {
  BLOCK_BYTES,
  type BootState,
  formatBlock,
  isWritableBlock,
  newest,
  parseBlock,
  type Slot,
} from "./boot-state.ts";

const confirmed: BootState = { generation: 7, activeSlot: "A", floor: 12, reason: "confirmed" };
const trial = (tries: 0 | 1 | 2 | 3, generation = 8, activeSlot: Slot = "B"): BootState => ({
  generation,
  activeSlot,
  trial: tries,
  floor: 12,
  reason: "activated",
});

test("a block is GRUB's, with the generation first and last", () => {
  const block = formatBlock(trial(2));
  expect(block.length).toBe(BLOCK_BYTES);
  expect(Buffer.from(block).toString().replace(/#+$/, "")).toBe(
    "# GRUB Environment Block\ngeneration=8\nactive_slot=B\nboot_counter=2\nboot_success=0\nupdate_pending=1\nfloor=12\nreason=activated\ngeneration_end=8\n",
  );
});

test.for([confirmed, trial(3), trial(0)])("what is written is read again: %o", (state) => {
  expect(parseBlock(formatBlock(state))).toEqual(state);
  expect(isWritableBlock(formatBlock(state))).toBe(true);
});

describe("a block doesn't count", () => {
  test.for([
    ["of zeros", () => new Uint8Array(BLOCK_BYTES)],
    ["that is empty", () => new Uint8Array()],
    ["without variables", () => edited(/\n.*?(?=#+$)/s, "\n")],
    ["of two writes", () => edited("generation_end=8", "generation_end=7")],
    ["on trial and confirmed at once", () => edited("boot_success=0", "boot_success=1")],
    ["neither on trial nor confirmed", () => edited("update_pending=1", "update_pending=0")],
    ["with a slot C", () => edited("active_slot=B", "active_slot=C")],
    ["with four tries", () => edited("boot_counter=2", "boot_counter=4")],
    ["with an unknown reason", () => edited("reason=activated", "reason=so")],
    ["with a floor that is no number", () => edited("floor=12", "floor=-1")],
    ["with a generation of ten digits", () => edited(/8(?=\n)/g, "1234567890")],
  ] as const)("%s", ([, make]) => {
    expect(parseBlock(make())).toBeUndefined();
  });
});

test("a torn block can be read, and not be written in place", () => {
  const torn = new Uint8Array(BLOCK_BYTES);
  torn.set(formatBlock(trial(2)).subarray(0, 512));
  expect(parseBlock(torn)).toEqual(trial(2));
  expect(isWritableBlock(torn)).toBe(false);
});

test.for([
  ["the higher generation", [confirmed, trial(3)], trial(3)],
  ["whatever the order", [trial(3), confirmed], trial(3)],
  ["the one with fewer tries left", [trial(1), trial(2)], trial(1)],
  ["the one that GRUB gave up", [{ ...confirmed, generation: 8 }, trial(0)], { ...confirmed, generation: 8 }],
  ["the only one", [undefined, trial(0)], trial(0)],
  ["none", [undefined, undefined], undefined],
] as const)("of two copies counts %s", ([, copies, expected]) => {
  expect(newest(copies)).toEqual(expected);
});

function edited(from: string | RegExp, to: string): Uint8Array {
  const text = Buffer.from(formatBlock(trial(2))).toString();
  return Buffer.from(text.replace(from, to).padEnd(BLOCK_BYTES, "#").slice(0, BLOCK_BYTES));
}
