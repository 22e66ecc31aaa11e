// Makes and patches disk image files.
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { writeError } from "../lib/files.ts";

/** Makes (or empties) the file `image` with `sizeBytes` bytes, all zero, taking no space yet. */
export function makeSparseFile(image: string, sizeBytes: number): void {
  const file = openSync(image, "w");
  try {
    ftruncateSync(file, sizeBytes);
  } catch (error) {
    throw writeError(image, error);
  } finally {
    closeSync(file);
  }
}

/** Writes bytes into an existing image. */
export function writePiece(image: string, offsetBytes: number, bytes: Buffer): void {
  const file = openSync(image, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, offsetBytes);
  } catch (error) {
    throw writeError(image, error);
  } finally {
    closeSync(file);
  }
}
