// The configuration's archives → links in the folder that the engine loads. Pure. A link costs nothing; an archive may have
// gigabytes.

export interface ImageLink {
  /** As the configuration has it. */
  readonly archive: string;
  /** The link's name; numbered, as two folders may have archives of one name. The engine goes by how it ends. */
  readonly name: string;
  /** Below the configuration's volume; else a path of the device. */
  readonly isOnVolume: boolean;
}

export function planImageLinks(archives: readonly string[]): ImageLink[] {
  return [...new Set(archives)].map((archive, index) => ({
    archive,
    name: `${String(index).padStart(3, "0")}-${archive.slice(archive.lastIndexOf("/") + 1)}`,
    isOnVolume: !archive.startsWith("/"),
  }));
}
