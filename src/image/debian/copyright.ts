// Reads copyright files out of packages' archives, for the lock: a build and its bill of materials need no more than the lock.
import { lstatSync, mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { readTextIfThere } from "../../lib/files.ts";
import { buildPath } from "../../lib/paths.ts";
import { run } from "../../lib/run.ts";
import { archivePath } from "./archives.ts";
import type { Copyright } from "./licences.ts";
import type { FoundPackage } from "./lock.ts";

/** The copyright files of packages that were fetched, by the packages' SHA-256. */
export async function readCopyrights(packages: readonly FoundPackage[]): Promise<Map<string, Copyright>> {
  const copyrights = new Map<string, Copyright>();
  for (const found of packages) copyrights.set(found.sha256, await readCopyright(found));
  return copyrights;
}

async function readCopyright(found: FoundPackage): Promise<Copyright> {
  const root = mkdtempSync(buildPath("cache/licences-"));
  try {
    await run(["dpkg-deb", "--extract", archivePath(found), root]);
    const folder = join(root, "usr/share/doc", found.name);
    const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    if (isLink) return { sameAs: basename(readlinkSync(folder)) };
    return { text: readTextIfThere(join(folder, "copyright")) ?? "" };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
