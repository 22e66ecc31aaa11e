// The state of the boot on the disk: two blocks in files of the boot partition. Nobody changes that partition's file system after
// the factory; the blocks are written where they lie, so a power cut costs one copy at most.
import {
  BLOCK_BYTES,
  type BootState,
  formatBlock,
  newest,
  parseBlock,
  stateFiles,
} from "../../release/boot-state.ts";
import type { Bytes, Host } from "../host.ts";
import { places } from "../places.ts";
import { runOrFail, UpdateFailure } from "./failure.ts";
import { withMounted } from "./mounts.ts";
import { partitionDevice } from "./partitions.ts";

export interface BootRecord {
  readonly device: string;
  /** Bytes from the beginning of the partition, of each copy. */
  readonly offsets: readonly number[];
  /** Undefined where a copy doesn't count. */
  readonly copies: readonly (BootState | undefined)[];
  /** The one that counts. */
  readonly state: BootState | undefined;
}

const SECTOR_BYTES = 512;

export function readBootRecord(host: Host): BootRecord {
  const device = partitionDevice(host, "KSOLOEFI");
  return readAt(host, { device, offsets: findOffsets(host, device) });
}

/** Where the copies lie stays the same for good. */
function readAt(host: Host, { device, offsets }: Pick<BootRecord, "device" | "offsets">): BootRecord {
  const copies = offsets.map((offset) => parseBlock(readCopy(host, device, offset)));
  return { device, offsets, copies, state: newest(copies) };
}

/** The older copy first, read back, then the other: at any moment one of them counts. */
export function writeBootState(
  host: Host,
  { device, offsets, copies, state: now }: BootRecord,
  next: BootState,
): void {
  const block = formatBlock(next);
  const newer = copies.indexOf(now);
  const order = offsets.map((offset, index) => ({ offset, isNewer: index === newer }));
  for (const { offset } of [
    ...order.filter((each) => !each.isNewer),
    ...order.filter((each) => each.isNewer),
  ]) {
    host.writeBlocks(device, offset, block);
    if (!isSame(readCopy(host, device, offset), block))
      throw new UpdateFailure(`the state of the boot can't be written to ${device}: it reads otherwise`);
  }
}

/**
 * Has both copies say the same. A write that the power ended leaves an older one, by which the other slot may count: it mustn't once
 * something new is written there, which was never tried. `before`: of this boot, whatever has been written since.
 */
export function mendBootState(host: Host, before: BootRecord): void {
  const record = readAt(host, before);
  const [first, second] = record.copies.map((copy) => JSON.stringify(copy));
  if (record.state !== undefined && first !== second) writeBootState(host, record, record.state);
}

function readCopy(host: Host, device: string, offset: number): Bytes {
  return host.readBlocks(device, offset, BLOCK_BYTES);
}

/** FAT has no other way to tell where a file lies than to be mounted, and this is the one moment at which it is. */
function findOffsets(host: Host, device: string): number[] {
  return withMounted(host, places.bootPartition, { device, type: "vfat", options: "ro" }, (folder) =>
    stateFiles.map((name) => {
      const told = runOrFail(host, ["filefrag", "-e", "-v", `-b${SECTOR_BYTES}`, `${folder}/grub/${name}`]);
      const offset = parseExtents(told);
      if (offset === undefined) throw new UpdateFailure(`${name} on the boot partition isn't in one piece`);
      return offset;
    }),
  );
}

/**
 * Where a file of one block of the state begins, in bytes, of what filefrag(8) prints with -e, -v and -b512. Undefined when it has
 * other pieces than the first, or fewer sectors than it must have. Pure.
 */
export function parseExtents(text: string): number | undefined {
  const rows = [...text.matchAll(/^\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+)\.\.\s*(\d+):/gm)];
  const pieces = rows.map(([, logical, first, last]) => ({
    logical: Number(logical),
    first: Number(first),
    last: Number(last),
  }));
  const [begin] = pieces;
  if (begin === undefined || begin.logical !== 0) return undefined;
  const isOnePiece = pieces.every(({ logical, first }) => first === begin.first + logical);
  const sectors = Math.max(...pieces.map(({ last }) => last)) - begin.first + 1;
  return isOnePiece && sectors * SECTOR_BYTES >= BLOCK_BYTES ? begin.first * SECTOR_BYTES : undefined;
}

function isSame(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
