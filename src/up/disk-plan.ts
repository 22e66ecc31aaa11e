// Pure: what to do with the machine's disk when an image was built.
import type { BuiltImage } from "../lib/built.ts";

/** What a machine's disk was made from, and the kubectl that goes with it. */
export interface DiskRecord extends Pick<BuiltImage, "imageId" | "version" | "dataOffsetBytes" | "kubectl"> {
  readonly sizeBytes: number;
}

export type DiskPlan =
  | { readonly do: "make" }
  | { readonly do: "keep" }
  /** The data partition stays, all before it becomes the new image's. */
  | { readonly do: "rewrite system" }
  | { readonly do: "refuse"; readonly why: string };

export function planDisk(existing: DiskRecord | undefined, image: DiskRecord): DiskPlan {
  if (existing === undefined) return { do: "make" };
  if (existing.sizeBytes !== image.sizeBytes) return { do: "refuse", why: "the disk has another size" };
  if (existing.dataOffsetBytes !== image.dataOffsetBytes)
    return { do: "refuse", why: "the data partition starts elsewhere" };
  return existing.imageId === image.imageId ? { do: "keep" } : { do: "rewrite system" };
}
