// Where a raw image has data and where holes, so that nobody reads gigabytes of zeros.
import * as v from "valibot";
import type { Tools } from "./locked-tools.ts";

/** What `qemu-img map` prints: the whole file, piece by piece. */
const Extents = v.array(v.object({ start: v.number(), length: v.number(), data: v.boolean() }));

/** In bytes; without `data` it is a hole. */
export type Extent = v.InferOutput<typeof Extents>[number];

/** All of the raw host file `path`, in order. */
export async function readExtents(path: string, tools: Tools): Promise<Extent[]> {
  const map = await tools.run(["qemu-img", "map", "-f", "raw", "--output=json", path]);
  return v.parse(Extents, JSON.parse(map));
}

/** The same in pieces of so many bytes at most; pure. */
export function cutExtents(extents: readonly Extent[], pieceBytes: number): Extent[] {
  return extents.flatMap(({ start, length, data }) =>
    Array.from({ length: Math.ceil(length / pieceBytes) }, (_, index) => {
      const done = index * pieceBytes;
      return { start: start + done, length: Math.min(pieceBytes, length - done), data };
    }),
  );
}
