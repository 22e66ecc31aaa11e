// Package files on this host: downloaded once, and checked against the hashes that apt's signed lists gave.
import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { sha256, writeError } from "../../lib/files.ts";
import { log } from "../../lib/log.ts";
import { buildPath } from "../../lib/paths.ts";
import { download, updateLists } from "./apt.ts";
import type { DebianInputs } from "./inputs.ts";
import { packageFileName, type ResolvedPackage } from "./lock.ts";

const ARCHIVES = buildPath("cache/debian");

/** Packages that apt is asked for together. */
const BATCH = 8;

/** Downloads what the cache lacks of these packages; with a full cache no network is used. */
export async function fetchArchives(
  inputs: DebianInputs,
  packages: readonly ResolvedPackage[],
  say: (what: string) => void = () => {},
): Promise<void> {
  const arriving = join(ARCHIVES, "arriving");
  for (const wanted of packages) if (!existsSync(archivePath(wanted))) acceptEarlier(wanted, arriving);
  const missing = packages.filter((wanted) => !existsSync(archivePath(wanted)));
  if (missing.length === 0) return;
  log(`downloading ${missing.length} Debian packages, ${inMiB(missing)} MiB`);
  await updateLists(inputs);
  for (let start = 0; start < missing.length; start += BATCH) {
    say(`${inMiB(missing.slice(0, start))} of ${inMiB(missing)} MiB`);
    const batch = missing.slice(start, start + BATCH);
    await download(inputs, batch, arriving);
    for (const wanted of batch) accept(wanted, join(arriving, packageFileName(wanted)));
  }
}

/** Where a package's file lies once it was fetched. */
export function archivePath(wanted: ResolvedPackage): string {
  return join(ARCHIVES, packageFileName(wanted));
}

function inMiB(packages: readonly ResolvedPackage[]): string {
  return (packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 2 ** 20).toFixed(0);
}

/** Takes what an interrupted download left, if it came whole: apt would begin it anew, as it does the one cut short. */
function acceptEarlier(wanted: ResolvedPackage, arriving: string): void {
  const arrived = join(arriving, packageFileName(wanted));
  if (!existsSync(arrived) || sha256(readFileSync(arrived)) !== wanted.sha256) return;
  accept(wanted, arrived);
}

/** Moves a downloaded package into the cache once its bytes are the right ones. */
function accept(wanted: ResolvedPackage, arrived: string): void {
  const actual = sha256(readFileSync(arrived));
  if (actual !== wanted.sha256) {
    const sizeBytes = statSync(arrived).size;
    rmSync(arrived);
    throw new UserError(
      `${packageFileName(wanted)} is not what the lock says: ${sizeBytes} bytes, sha256 ${actual}`,
      {
        hint: "try again; if it stays so, the archive changed the file: run `make lock` and review the difference",
      },
    );
  }
  try {
    renameSync(arrived, archivePath(wanted));
  } catch (error) {
    throw writeError(archivePath(wanted), error);
  }
}
