// The checksum of an output, which may be mostly holes.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import * as v from "valibot";
import type { Tools } from "../../lib/locked-tools.ts";

const PIECE_BYTES = 4 * 2 ** 20;

/** What `qemu-img map` prints: the whole file, piece by piece. */
const Extents = v.array(v.object({ start: v.number(), length: v.number(), data: v.boolean() }));

/**
 * SHA-256 in hex of the host file `path`. Its holes are not read: for each, the kernel would make pages of zeros, and keep
 * them.
 */
export async function hashSparseFile(path: string, tools: Tools): Promise<string> {
  const map = await tools.run(["qemu-img", "map", "-f", "raw", "--output=json", path]);
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(PIECE_BYTES);
  const zeros = Buffer.alloc(PIECE_BYTES);
  await using file = await open(path);
  for (const { start, length, data } of v.parse(Extents, JSON.parse(map))) {
    for (let done = 0; done < length; done += PIECE_BYTES) {
      const sizeBytes = Math.min(PIECE_BYTES, length - done);
      if (data) await readWhole(file, buffer.subarray(0, sizeBytes), start + done);
      hash.update((data ? buffer : zeros).subarray(0, sizeBytes));
    }
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
