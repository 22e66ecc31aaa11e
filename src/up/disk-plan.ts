// Pure: what to do with the machine's disk when an image was built.

/** What a machine's disk was made from. */
export interface DiskRecord {
  readonly imageId: string;
  readonly version: string;
  readonly sizeBytes: number;
  /** Where the data partition, the last one, starts. */
  readonly dataOffsetBytes: number;
  /** Host path of the kubectl that goes with it. */
  readonly kubectl: string;
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
