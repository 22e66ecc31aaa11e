// The checksum of an output, which may be mostly holes.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { cutExtents, readExtents } from "../../lib/extents.ts";
import type { Tools } from "../../lib/locked-tools.ts";

const PIECE_BYTES = 4 * 2 ** 20;

/**
 * SHA-256 in hex of the host file `path`. Its holes are not read: for each, the kernel would make pages of zeros, and keep
 * them.
 */
export async function hashSparseFile(path: string, tools: Tools): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(PIECE_BYTES);
  const zeros = Buffer.alloc(PIECE_BYTES);
  await using file = await open(path);
  for (const { start, length, data } of cutExtents(await readExtents(path, tools), PIECE_BYTES)) {
    if (data) await readWhole(file, buffer.subarray(0, length), start);
    hash.update((data ? buffer : zeros).subarray(0, length));
  }
  return hash.digest("hex");
}

/** As sha256sum(1) writes and reads it. Pure. */
export function checksumLine(checksum: string, file: string): string {
  return `${checksum}  ${file}\n`;
}

async function readWhole(file: FileHandle, buffer: Buffer, position: number): Promise<void> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  if (bytesRead !== buffer.length) throw new Error(`the file ends ${buffer.length - bytesRead} bytes early`);
}
