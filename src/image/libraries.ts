// The shared libraries that programs of an unpacked package root need.
import { existsSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { run } from "../lib/run.ts";
import { type Entry, hostFile } from "../tree/tree.ts";

const FOLDER = "usr/lib/x86_64-linux-gnu";
const LOADER = "usr/lib64/ld-linux-x86-64.so.2";

/** The programs at `imagePaths` below `root`, with every library they need and the loader. */
export async function programsWithLibraries(root: string, imagePaths: readonly string[]): Promise<Entry[]> {
  const libraries = new Map<string, string>();
  let unread = imagePaths.map((path) => join(root, path));
  while (unread.length > 0) {
    const names = (await readNeeded(unread)).filter(
      (name) => !libraries.has(name) && !name.startsWith("ld-"),
    );
    const found = new Map(names.map((name) => [name, findLibrary(root, name)]));
    for (const [name, path] of found) libraries.set(name, path);
    unread = [...found.values()];
  }
  return [
    ...imagePaths.map((path) => hostFile(path, realpathSync(join(root, path)))),
    ...[...libraries].map(([name, path]) => hostFile(`${FOLDER}/${name}`, path)),
    hostFile(LOADER, realpathSync(join(root, LOADER))),
  ];
}

/** The names in the NEEDED entries of ELF files, by binutils' readelf. */
async function readNeeded(hostPaths: readonly string[]): Promise<string[]> {
  const output = await run(["readelf", "--dynamic", "--wide", ...hostPaths]);
  return [...output.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name = ""]) => name);
}

function findLibrary(root: string, name: string): string {
  const path = join(root, FOLDER, name);
  if (existsSync(path)) return realpathSync(path);
  throw new UserError(`no package under "${basename(root)}" has the library "${name}"`, {
    hint: "add its package to the group in inputs/debian.json and run `make lock`",
  });
}
