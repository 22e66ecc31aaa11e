// Package files on this host, downloaded once. What arrives isn't there before it is whole, with the right hash.
import { existsSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { log } from "../../lib/log.ts";
import { buildPath } from "../../lib/paths.ts";
import { findFiles, updateLists } from "./apt.ts";
import { downloadFiles } from "./download.ts";
import type { DebianInputs } from "./inputs.ts";
import { packageFileName, type ResolvedPackage } from "./lock.ts";

const ARCHIVES = buildPath("cache/debian");

/** Packages that are downloaded together. */
const BATCH = 8;

/** Downloads what the cache lacks of these packages; with a full cache no network is used. */
export async function fetchArchives(
  inputs: DebianInputs,
  packages: readonly ResolvedPackage[],
  say: (what: string) => void = () => {},
): Promise<void> {
  const missing = packages.filter((wanted) => !existsSync(archivePath(wanted)));
  if (missing.length === 0) return;
  log(`downloading ${missing.length} Debian packages, ${inMiB(missing)} MiB`);
  await updateLists(inputs);
  const uris = new Map((await findFiles(inputs, missing)).map(({ name, uri }) => [name, uri]));
  for (let start = 0; start < missing.length; start += BATCH) {
    say(`${inMiB(missing.slice(0, start))} of ${inMiB(missing)} MiB`);
    const batch = missing.slice(start, start + BATCH).map((wanted) => {
      const name = packageFileName(wanted);
      return { uri: uris.get(name) ?? "", sha256: wanted.sha256, path: join(ARCHIVES, "arriving", name) };
    });
    await downloadFiles(batch);
    for (const { path } of batch) renameSync(path, join(ARCHIVES, basename(path)));
  }
}

/** Where a package's file lies once it was fetched. */
export function archivePath(wanted: ResolvedPackage): string {
  return join(ARCHIVES, packageFileName(wanted));
}

function inMiB(packages: readonly ResolvedPackage[]): string {
  return (packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 2 ** 20).toFixed(0);
}
