// A recorded disk as it was at any moment: a raw file over which the log's writes are played, forwards. From one moment to the next
// costs only what was written between them; whoever changes the disk to look at it (a machine, e2fsck) works on an overlay.
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { rm, truncate } from "node:fs/promises";
import { programArgs } from "../../lib/locked-tools.ts";
import { run } from "../../lib/run.ts";
import type { Cut, KeptSector } from "./power-cut.ts";
import type { Recording } from "./recording.ts";
import { parseWriteLog, SECTOR_BYTES, type Write } from "./write-log.ts";

/** At a time, from the log to the disk. */
const CHUNK_BYTES = 2 ** 20;

export class Replay {
  /** Raw, sparse; a host path. */
  readonly diskPath: string;
  readonly writes: readonly Write[];
  readonly #log: number;
  readonly #disk: number;
  readonly #diskBytes: number;
  #cut: Cut = 0;

  /** Use openReplay. */
  constructor(diskPath: string, logPath: string) {
    this.diskPath = diskPath;
    this.#log = openSync(logPath, "r");
    this.#disk = openSync(diskPath, "r+");
    this.#diskBytes = fstatSync(this.#disk).size;
    this.writes = parseWriteLog((at, count) => readAt(this.#log, at, count), fstatSync(this.#log).size);
  }

  /** How many of the writes are on the disk. */
  get cut(): Cut {
    return this.#cut;
  }

  /** Plays the log on to a later moment; what was written on the way. */
  forwardTo(cut: Cut): readonly Write[] {
    if (cut < this.#cut || cut > this.writes.length)
      throw new Error(`cannot go from write ${this.#cut} to ${cut} of ${this.writes.length}`);
    const passed = this.writes.slice(this.#cut, cut);
    // What a disk has in a discarded range is undefined: this one has what was there.
    for (const write of passed)
      if (write.is === "write") this.#copy(write.dataAt, write.sector, write.sectors);
    this.#cut = cut;
    return passed;
  }

  /** Does something while these sectors are on the disk, too, and takes them off again. */
  async withSectors<T>(kept: readonly KeptSector[], work: () => Promise<T>): Promise<T> {
    const before = kept.map(({ write, index }) => ({
      at: (write.sector + index) * SECTOR_BYTES,
      bytes: readAt(this.#disk, (write.sector + index) * SECTOR_BYTES, SECTOR_BYTES),
    }));
    for (const { write, index } of kept)
      this.#copy(write.dataAt + index * SECTOR_BYTES, write.sector + index, 1);
    try {
      return await work();
    } finally {
      for (const { at, bytes } of before) writeSync(this.#disk, bytes, 0, bytes.length, at);
    }
  }

  /** Bytes of the disk at this moment. */
  read(at: number, count: number): Buffer {
    return readAt(this.#disk, at, count);
  }

  [Symbol.dispose](): void {
    closeSync(this.#log);
    closeSync(this.#disk);
  }

  #copy(dataAt: number, sector: number, sectors: number): void {
    const total = sectors * SECTOR_BYTES;
    if (sector * SECTOR_BYTES + total > this.#diskBytes)
      throw new Error(`the log has a write to sector ${sector}, which is behind the disk's end`);
    for (let done = 0; done < total; done += CHUNK_BYTES) {
      const bytes = readAt(this.#log, dataAt + done, Math.min(CHUNK_BYTES, total - done));
      writeSync(this.#disk, bytes, 0, bytes.length, sector * SECTOR_BYTES + done);
    }
  }
}

/** Starts where the recording does; `diskPath`, a host path, is made anew. */
export async function openReplay(
  qemu: string,
  { base, log, diskBytes }: Recording,
  diskPath: string,
): Promise<Replay> {
  await rm(diskPath, { force: true });
  await run([
    ...programArgs(qemu, "qemu-img"),
    "convert",
    "-f",
    base.format,
    "-O",
    "raw",
    base.path,
    diskPath,
  ]);
  await truncate(diskPath, diskBytes);
  return new Replay(diskPath, log);
}

function readAt(file: number, at: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  return bytes.subarray(0, readSync(file, bytes, 0, count, at));
}
