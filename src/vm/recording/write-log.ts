// What a machine wrote to its disk, in order: the log of QEMU's driver blklogwrites, in the format of Linux' dm-log-writes.
// Format: Linux, Documentation/admin-guide/device-mapper/log-writes.rst, drivers/md/dm-log-writes.c. All numbers are little-endian. Pure.
import { UserError } from "../../lib/errors.ts";

export const SECTOR_BYTES = 512;

const MAGIC = 0x6a736677736872n;
const VERSION = 1n;

/** Bits of an entry's flags. */
const FLUSH = 1n;
const FUA = 2n;
const DISCARD = 4n;
const MARK = 8n;
const KNOWN = FLUSH | FUA | DISCARD | MARK;

/** One request of the guest's. */
export interface Write {
  /** `flush`: all that was acknowledged before is on the medium; it writes nothing. `discard`: its bytes are undefined from then on. */
  readonly is: "write" | "discard" | "flush";
  /** On the disk, from its beginning, of 512 bytes. */
  readonly sector: number;
  readonly sectors: number;
  /** Where its bytes lie in the log's file. */
  readonly dataAt: number;
  /** It was on the medium when it was acknowledged, and so was all before a flush. */
  readonly isForced: boolean;
}

/** A request as it is put into a log: bytes at a sector, or sectors that are discarded, or nothing; and flags. */
export interface Entry {
  readonly sector?: number;
  readonly bytes?: Buffer;
  readonly sectors?: number;
  readonly flags?: number;
}

/** A log with these entries; without any, one for QEMU to go on with. */
export function formatLog(entries: readonly Entry[]): Buffer {
  const head = Buffer.alloc(SECTOR_BYTES);
  head.writeBigUInt64LE(MAGIC, 0);
  head.writeBigUInt64LE(VERSION, 8);
  head.writeBigUInt64LE(BigInt(entries.length), 16);
  head.writeUInt32LE(SECTOR_BYTES, 24);
  return Buffer.concat([head, ...entries.flatMap(formatEntry)]);
}

function formatEntry({ sector = 0, bytes = Buffer.alloc(0), sectors, flags = 0 }: Entry): Buffer[] {
  const entry = Buffer.alloc(SECTOR_BYTES);
  entry.writeBigUInt64LE(BigInt(sector), 0);
  entry.writeBigUInt64LE(BigInt(sectors ?? bytes.length / SECTOR_BYTES), 8);
  entry.writeBigUInt64LE(BigInt(flags), 16);
  return [entry, bytes];
}

/** How many entries a log has by its first sector; throws when it is no log, or not one of 512-byte sectors. */
export function parseLogHead(head: Buffer): number {
  if (head.length < 28 || head.readBigUInt64LE(0) !== MAGIC)
    throw new UserError("this is no log of a disk's writes", {
      hint: "record one with QEMU's driver blklogwrites",
    });
  const version = head.readBigUInt64LE(8);
  if (version !== VERSION) throw new UserError(`cannot read a log of version ${version}`);
  const sectorBytes = head.readUInt32LE(24);
  if (sectorBytes !== SECTOR_BYTES)
    throw new UserError(`cannot read a log with sectors of ${sectorBytes} bytes`);
  return toNumber(head.readBigUInt64LE(16), "entries");
}

/**
 * The entries of a log of `sizeBytes`; `read` gives bytes of it, fewer at its end. What QEMU hadn't written out when it was killed
 * is left out, from the first entry on that isn't whole.
 */
export function parseWriteLog(read: (at: number, count: number) => Buffer, sizeBytes: number): Write[] {
  const count = parseLogHead(read(0, SECTOR_BYTES));
  const writes: Write[] = [];
  let at = SECTOR_BYTES;
  for (let index = 0; index < count; index += 1) {
    const entry = read(at, SECTOR_BYTES);
    if (entry.length < SECTOR_BYTES) return writes;
    const write = parseEntry(entry, at + SECTOR_BYTES, index);
    const after = write.dataAt + (write.is === "write" ? write.sectors * SECTOR_BYTES : 0);
    if (after > sizeBytes) return writes;
    writes.push(write);
    at = after;
  }
  return writes;
}

function parseEntry(entry: Buffer, dataAt: number, index: number): Write {
  const flags = entry.readBigUInt64LE(16);
  if ((flags & ~KNOWN) !== 0n || (flags & MARK) !== 0n)
    throw new UserError(`entry ${index} of the log is damaged: flags ${flags}`);
  const sector = toNumber(entry.readBigUInt64LE(0), `entry ${index}, sector`);
  const sectors = toNumber(entry.readBigUInt64LE(8), `entry ${index}, sectors`);
  const is = (flags & DISCARD) !== 0n ? "discard" : sectors > 0 ? "write" : "flush";
  return { is, sector, sectors, dataAt, isForced: (flags & (FLUSH | FUA)) !== 0n };
}

function toNumber(value: bigint, what: string): number {
  if (value > BigInt(2 ** 44)) throw new UserError(`the log is damaged: ${what} ${value}`);
  return Number(value);
}
