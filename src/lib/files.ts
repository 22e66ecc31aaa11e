// Small file effects with errors that say what was attempted.
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { errorCode, UserError } from "./errors.ts";

/** Writes a file so that it is there whole or not at all; parents are made. */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o644): void {
  const unfinished = `${path}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, content, { mode });
    renameSync(unfinished, path);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Throws when the file system of this directory has less room. */
export function checkSpace(directory: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const sizes = `${inMiB(neededBytes)} needed, ${inMiB(freeBytes)} free`;
  throw new UserError(`not enough space in "${directory}": ${sizes}`, {
    hint: "free some space on that disk",
  });
}

function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}

/** The error for a failed write: a full disk is the usual reason and has its own hint. */
export function writeError(path: string, error: unknown): UserError {
  const full = errorCode(error) === "ENOSPC";
  return new UserError(`cannot write "${path}"`, {
    cause: error,
    ...(full && { hint: "the disk is full: free some space, `make clean` removes what was built" }),
  });
}

/** The file's text, or undefined when there is no such file. */
export function readTextIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** So many bytes of the file from an offset on; zeros behind its end. */
export function readPart(path: string, offsetBytes: number, sizeBytes: number): Buffer {
  const part = Buffer.alloc(sizeBytes);
  const file = openSync(path, "r");
  try {
    readSync(file, part, 0, sizeBytes, offsetBytes);
  } finally {
    closeSync(file);
  }
  return part;
}

/** SHA-256 in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
