// The size and the sum of a file, without having all of it in memory.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface FileSum {
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

export function readFileSum(path: string): Promise<FileSum> {
  return readSum(createReadStream(path, { highWaterMark: 2 ** 20 }));
}

/** Takes all of the stream. */
export async function readSum(stream: Readable): Promise<FileSum> {
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(stream, async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
  });
  return { size, sha256: hash.digest("hex") };
}
