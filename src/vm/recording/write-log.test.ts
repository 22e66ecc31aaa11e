import { expect, test } from "vitest";
import { UserError } from "../../lib/errors.ts";
import { type Entry, formatLog, parseLogHead, parseWriteLog } from "./write-log.ts";

/** `count` is what its head says. */
function logOf(entries: readonly Entry[], count = entries.length): Buffer {
  const log = formatLog(entries);
  log.writeBigUInt64LE(BigInt(count), 16);
  return log;
}

const parse = (log: Buffer) => parseWriteLog((at, count) => log.subarray(at, at + count), log.length);
const changed = (change: (head: Buffer) => void): Buffer => {
  const head = formatLog([]);
  change(head);
  return head;
};

const write = { sector: 8, bytes: Buffer.alloc(1024) };
const discard = { sector: 2048, sectors: 4096, flags: 4 };
const flush = { flags: 1 };

test("writes with where their bytes lie, discards without bytes, flushes", () => {
  expect(parse(logOf([write, discard, flush, { ...write, flags: 2 }]))).toEqual([
    { is: "write", sector: 8, sectors: 2, dataAt: 1024, isForced: false },
    { is: "discard", sector: 2048, sectors: 4096, dataAt: 2560, isForced: false },
    { is: "flush", sector: 0, sectors: 0, dataAt: 3072, isForced: true },
    { is: "write", sector: 8, sectors: 2, dataAt: 3584, isForced: true },
  ]);
});

test.each<[string, Buffer, number]>([
  ["an empty log has nothing", formatLog([]), 0],
  ["what is behind the number of entries doesn't count", logOf([write, flush], 1), 1],
  ["a log that ends before its last entry has the others", logOf([write, flush], 3), 2],
  ["an entry of which half is there is left out", logOf([flush, flush]).subarray(0, 1100), 1],
  ["a write whose bytes aren't all there is left out", logOf([flush, write]).subarray(0, 2047), 1],
  [
    "and so is all behind it",
    logOf([flush, { sector: 1, bytes: Buffer.alloc(64 * 512) }, flush]).subarray(0, 4096),
    1,
  ],
])("%s", (_, log, count) => {
  expect(parse(log)).toHaveLength(count);
});

test.each<[string, () => unknown, string]>([
  ["nothing at all", () => parseLogHead(Buffer.alloc(0)), "no log"],
  ["another file", () => parseLogHead(Buffer.from("x".repeat(512))), "no log"],
  ["another version", () => parseLogHead(changed((head) => head.writeBigUInt64LE(2n, 8))), "version 2"],
  ["other sectors", () => parseLogHead(changed((head) => head.writeUInt32LE(4096, 24))), "4096 bytes"],
  ["unknown flags", () => parse(logOf([{ ...write, flags: 64 }])), "entry 0 of the log is damaged"],
  ["a mark, which QEMU makes none of", () => parse(logOf([{ flags: 8 }])), "entry 0 of the log is damaged"],
  ["a number that no disk has", () => parse(logOf([flush, { sector: 2 ** 45 }])), "entry 1, sector"],
  [
    "more entries than can be",
    () => parseLogHead(changed((head) => head.writeBigUInt64LE(2n ** 63n, 16))),
    "the log is damaged: entries",
  ],
])("%s is refused by name", (_, read, message) => {
  expect(read).toThrow(UserError);
  expect(read).toThrow(message);
});
