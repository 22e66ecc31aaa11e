// Writes a disk image file: partition contents at their places, holes where they are zero.
import { closeSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { writeError } from "../lib/files.ts";

const CHUNK_BYTES = 1 << 20;

/** What lies where: bytes in memory, or the whole of a host file. */
export interface Piece {
  readonly offsetBytes: number;
  readonly content: Buffer | { readonly hostPath: string };
}

/** Makes (or empties) the file `image` with `sizeBytes` bytes, all zero. */
export function makeSparseFile(image: string, sizeBytes: number): void {
  const file = openSync(image, "w");
  try {
    ftruncateSync(file, sizeBytes);
  } finally {
    closeSync(file);
  }
}

/** Writes pieces into an existing image; zero chunks are skipped, so the image must hold zeros there. */
export function writePieces(image: string, pieces: readonly Piece[]): void {
  const file = openSync(image, "r+");
  try {
    for (const piece of pieces) {
      if (Buffer.isBuffer(piece.content))
        writeSync(file, piece.content, 0, piece.content.length, piece.offsetBytes);
      else copyFileInto(file, piece.content.hostPath, piece.offsetBytes);
    }
  } catch (error) {
    throw writeError(image, error);
  } finally {
    closeSync(file);
  }
}

function copyFileInto(target: number, hostPath: string, offsetBytes: number): void {
  const source = openSync(hostPath, "r");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const zeros = Buffer.alloc(CHUNK_BYTES);
  try {
    const sizeBytes = statSync(hostPath).size;
    for (let done = 0; done < sizeBytes; done += CHUNK_BYTES) {
      const bytesRead = readSync(source, chunk, 0, CHUNK_BYTES, done);
      const bytes = chunk.subarray(0, bytesRead);
      if (!bytes.equals(zeros.subarray(0, bytesRead)))
        writeSync(target, bytes, 0, bytesRead, offsetBytes + done);
    }
  } finally {
    closeSync(source);
  }
}
