// Where things lie in a checkout; host paths, all under the repository.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A path in the repository's sources. */
export function sourcePath(...parts: string[]): string {
  return join(repository, ...parts);
}

/** A path for something that is made; everything under it may be deleted and is made again. */
export function buildPath(...parts: string[]): string {
  return join(repository, "build", ...parts);
}
