// The archives as they go into the image: without gzip.
import { createReadStream, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { imageArchiveName } from "./baked.ts";
import { isGzip } from "./image-archive.ts";

/** Name in the image → host path; what has to be made lies in the host folder `folder`. */
export async function plainArchives(
  paths: readonly string[],
  folder: string,
): Promise<Record<string, string>> {
  const made = join(folder, "baked");
  rmSync(made, { recursive: true, force: true });
  const archives: Record<string, string> = {};
  for (const path of paths) {
    const name = imageArchiveName(path);
    archives[name] = resolve(path);
    if (!(await isGzip(path))) continue;
    mkdirSync(made, { recursive: true });
    archives[name] = join(made, name);
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(join(made, name)));
  }
  return archives;
}
