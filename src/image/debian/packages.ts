// The locked Debian packages on this host: downloaded once, checked against the lock, unpacked by group.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { replaceFile, sha256, writeError } from "../../lib/files.ts";
import { log } from "../../lib/log.ts";
import { buildPath, sourcePath } from "../../lib/paths.ts";
import { run } from "../../lib/run.ts";
import { download, resolve, updateLists } from "./apt.ts";
import {
  type DebianInputs,
  type DebianLock,
  describeLockChange,
  type GroupName,
  type LockedPackage,
  makeLock,
  packageFileName,
  packagesOf,
  parseInputs,
  parseLock,
} from "./inputs.ts";

const ARCHIVES = buildPath("cache/debian");
const LOCK_FILE = sourcePath("inputs/debian.lock.json");

export function readInputs(): DebianInputs {
  return parseInputs(readFileSync(sourcePath("inputs/debian.json"), "utf8"));
}

export function readLock(): DebianLock {
  return parseLock(readFileSync(LOCK_FILE, "utf8"));
}

/** Resolves every group anew, writes the lock, and returns what changed, a line a package. */
export async function refreshLock(inputs: DebianInputs): Promise<string[]> {
  await updateLists(inputs);
  const packages: LockedPackage[] = [];
  for (const group of Object.keys(inputs.groups) as GroupName[])
    packages.push(...(await resolve(inputs, group)));
  const before = existsSync(LOCK_FILE) ? readLock() : { packages: [] };
  const lock = makeLock(packages);
  replaceFile(LOCK_FILE, `${JSON.stringify(lock, null, 2)}\n`);
  return describeLockChange(before, lock);
}

/** Packages that apt is asked for together. */
const BATCH = 8;

/** Downloads what these groups lack in the cache; with a full cache no network is used. */
export async function fetchPackages(
  inputs: DebianInputs,
  lock: DebianLock,
  groups: readonly GroupName[],
  say: (what: string) => void = () => {},
): Promise<void> {
  const wanted = new Set(groups.flatMap((group) => packagesOf(lock, group)));
  const arriving = join(ARCHIVES, "arriving");
  for (const locked of wanted) if (!existsSync(archivePath(locked))) acceptEarlier(locked, arriving);
  const missing = [...wanted].filter((locked) => !existsSync(archivePath(locked)));
  if (missing.length === 0) return;
  log(`downloading ${missing.length} Debian packages, ${inMiB(missing)} MiB`);
  await updateLists(inputs);
  for (let start = 0; start < missing.length; start += BATCH) {
    say(`${inMiB(missing.slice(0, start))} of ${inMiB(missing)} MiB`);
    const batch = missing.slice(start, start + BATCH);
    await download(inputs, batch, arriving);
    for (const locked of batch) accept(locked, join(arriving, packageFileName(locked)));
  }
}

/** Unpacks a group's packages over one another, without running their scripts; returns the host path. */
export async function unpackGroup(lock: DebianLock, group: GroupName): Promise<string> {
  const packages = packagesOf(lock, group);
  const id = sha256(packages.map((locked) => locked.sha256).join()).slice(0, 12);
  const root = buildPath("cache/roots", `${group}-${id}`);
  if (existsSync(root)) return root;
  const unfinished = `${root}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (const locked of packages) await run(["dpkg-deb", "--extract", archivePath(locked), unfinished]);
  renameSync(unfinished, root);
  return root;
}

function inMiB(packages: readonly LockedPackage[]): string {
  return (packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 2 ** 20).toFixed(0);
}

function archivePath(locked: LockedPackage): string {
  return join(ARCHIVES, packageFileName(locked));
}

/** Takes what an interrupted download left, if it came whole: apt would begin it anew, as it does the one cut short. */
function acceptEarlier(locked: LockedPackage, arriving: string): void {
  const arrived = join(arriving, packageFileName(locked));
  if (!existsSync(arrived) || sha256(readFileSync(arrived)) !== locked.sha256) return;
  accept(locked, arrived);
}

/** Moves a downloaded package into the cache once its bytes are those of the lock. */
function accept(locked: LockedPackage, arrived: string): void {
  const actual = sha256(readFileSync(arrived));
  if (actual !== locked.sha256) {
    const sizeBytes = statSync(arrived).size;
    rmSync(arrived);
    throw new UserError(
      `${packageFileName(locked)} is not what the lock says: ${sizeBytes} bytes, sha256 ${actual}`,
      {
        hint: "try again; if it stays so, the archive changed the file: run `make lock` and review the difference",
      },
    );
  }
  try {
    renameSync(arrived, archivePath(locked));
  } catch (error) {
    throw writeError(archivePath(locked), error);
  }
}
