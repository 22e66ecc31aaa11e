// Writes an image to a device, and reads it back. The partition table comes last: a device that is half written starts nothing.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { errorCode, UserError } from "../lib/errors.ts";
import { cutExtents, type Extent, readExtents } from "../lib/extents.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { run, runAnyExit } from "../lib/run.ts";
import { inSize } from "./device.ts";

const PIECE_BYTES = 4 * 2 ** 20;
/** Where a disk has its partition table and an ISO its descriptors; at the end lies the table's copy. */
const TABLE_BYTES = 2 ** 20;
/** Written through to the device, so that progress is true. */
const FLUSH_BYTES = 64 * 2 ** 20;

interface Copy {
  readonly image: string;
  readonly imageBytes: number;
  readonly device: string;
  readonly deviceBytes: number;
  /** Of the image, without holes that are longer than a piece. */
  readonly pieces: readonly Extent[];
}

export type Say = (what: string) => void;

/** All paths are host paths. */
export async function planCopy(
  image: string,
  device: string,
  sizes: Pick<Copy, "imageBytes" | "deviceBytes">,
  tools: Tools,
): Promise<Copy> {
  const pieces = cutExtents(cutAt(await readExtents(image, tools), TABLE_BYTES), PIECE_BYTES);
  return { image, device, ...sizes, pieces };
}

/** Nobody else may use the device meanwhile: the kernel sees to that. */
export async function writeImage(copy: Copy, say: Say): Promise<void> {
  const { image, imageBytes, device, deviceBytes, pieces } = copy;
  await using from = await open(image);
  await using to = await openAlone(device);
  try {
    await eraseTables(copy, to);
    const [table, body] = [
      pieces.filter(({ start }) => start < TABLE_BYTES),
      pieces.filter(({ start }) => start >= TABLE_BYTES),
    ];
    const buffer = Buffer.alloc(PIECE_BYTES);
    let unflushed = 0;
    const progress = makeProgress(imageBytes, say);
    for (const piece of [...body, ...table]) {
      if (piece.start < TABLE_BYTES && unflushed > 0) {
        await to.sync();
        unflushed = 0;
      }
      await writePiece(piece, { from, to, device, buffer });
      unflushed += piece.length;
      if (unflushed >= FLUSH_BYTES) {
        await to.sync();
        unflushed = 0;
      }
      progress(piece.length);
    }
    await to.sync();
  } catch (error) {
    throw deviceError("write to", device, error, `it has ${inSize(deviceBytes)} and starts nothing now`);
  }
}

/** Throws a UserError unless the device gives back what the image has. */
export async function compareImage({ image, imageBytes, device, pieces }: Copy, say: Say): Promise<void> {
  // What the kernel remembers isn't what the device holds.
  await run(["blockdev", "--flushbufs", device]);
  await using from = await open(image);
  await using to = await open(device);
  const progress = makeProgress(imageBytes, say);
  const [expected, read, zeros] = [0, 0, 0].map(() => Buffer.alloc(PIECE_BYTES)) as [Buffer, Buffer, Buffer];
  for (const { start, length, data } of pieces) {
    if (data) await from.read(expected, 0, length, start);
    const { bytesRead } = await to.read(read, 0, length, start).catch((error: unknown) => {
      throw deviceError("read", device, error, "it may be worn out");
    });
    if (bytesRead !== length || read.compare(data ? expected : zeros, 0, length, 0, length) !== 0)
      throw new UserError(`"${device}" doesn't hold what was written, from byte ${start} on`, {
        hint: "it may be worn out, or have less room than it says: take another one",
      });
    progress(length);
  }
}

/** Has this host look at the partitions that are there now. Somebody may hold the device again; then they look. */
export async function announce(device: string): Promise<void> {
  await runAnyExit(["blockdev", "--rereadpt", device]);
}

/** The old table, and its copy, by which the kernel would mend the new one. */
async function eraseTables({ imageBytes, deviceBytes }: Copy, to: FileHandle): Promise<void> {
  const zeros = Buffer.alloc(TABLE_BYTES);
  await to.write(zeros, 0, zeros.length, 0);
  const end = Math.max(imageBytes, deviceBytes - TABLE_BYTES);
  if (end < deviceBytes) await to.write(zeros, 0, deviceBytes - end, end);
  await to.sync();
}

interface Ends {
  readonly from: FileHandle;
  readonly to: FileHandle;
  readonly device: string;
  readonly buffer: Buffer;
}

/** A hole becomes zeros: what lay there before must not show through. Many devices do that by themselves, at once. */
async function writePiece(
  { start, length, data }: Extent,
  { from, to, device, buffer }: Ends,
): Promise<void> {
  if (data) {
    const { bytesRead } = await from.read(buffer, 0, length, start);
    if (bytesRead !== length) throw new UserError("the image became shorter while it was read");
    await to.write(buffer, 0, length, start);
    return;
  }
  const range = ["--offset", String(start), "--length", String(length)];
  const { exitCode } = await runAnyExit(["fallocate", "--zero-range", "--keep-size", ...range, device]);
  if (exitCode !== 0) await to.write(Buffer.alloc(length), 0, length, start);
}

async function openAlone(device: string): Promise<FileHandle> {
  try {
    return await open(device, constants.O_RDWR | constants.O_EXCL);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EACCES" || code === "EPERM")
      throw new UserError(`you may not write to "${device}"`, { hint: "run it as root: sudo" });
    if (code === "EBUSY")
      throw new UserError(`"${device}" is in use by another program`, {
        hint: "close what shows its content; `lsblk` and `fuser -v` tell who it is",
      });
    throw deviceError("open", device, error, "is it still plugged in?");
  }
}

function deviceError(what: string, device: string, cause: unknown, hint: string): unknown {
  if (cause instanceof UserError || errorCode(cause) === undefined) return cause;
  return new UserError(`cannot ${what} "${device}"`, { cause, hint });
}

/** Extents that lie on both sides of a place become two; pure. */
export function cutAt(extents: readonly Extent[], place: number): Extent[] {
  return extents.flatMap((extent) => {
    const before = place - extent.start;
    if (before <= 0 || before >= extent.length) return [extent];
    return [
      { ...extent, length: before },
      { ...extent, start: place, length: extent.length - before },
    ];
  });
}

function makeProgress(total: number, say: Say): (bytes: number) => void {
  const startedMs = performance.now();
  let done = 0;
  return (bytes) => {
    done += bytes;
    const perSecond = (done / Math.max(performance.now() - startedMs, 1)) * 1000;
    say(`${Math.floor((done / total) * 100)}% of ${inSize(total)}, ${inSize(perSecond)} a second`);
  };
}
