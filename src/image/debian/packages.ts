// The locked Debian packages on this host: the lock, and their files, unpacked by group.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode, UserError } from "../../lib/errors.ts";
import { readTextIfThere, replaceFile, sha256 } from "../../lib/files.ts";
import { makeTools, type Tools } from "../../lib/locked-tools.ts";
import { log } from "../../lib/log.ts";
import { buildPath, sourcePath } from "../../lib/paths.ts";
import { run } from "../../lib/run.ts";
import { resolve, updateLists } from "./apt.ts";
import { archivePath, fetchArchives } from "./archives.ts";
import { readCopyrights } from "./copyright.ts";
import { type DebianInputs, type GroupName, parseInputs } from "./inputs.ts";
import {
  addLicences,
  type DebianLock,
  describeLockChange,
  type FoundPackage,
  joinGroups,
  packagesOf,
  parseLock,
  unlicensed,
} from "./lock.ts";

const LOCK_NAME = "inputs/debian.lock.json";
const LOCK_FILE = sourcePath(LOCK_NAME);

export function readInputs(): DebianInputs {
  return parseInputs(readFileSync(sourcePath("inputs/debian.json"), "utf8"));
}

export function readLock(): DebianLock {
  const lock = parseLock(readFileSync(LOCK_FILE, "utf8"));
  if (lock !== undefined) return lock;
  throw new UserError(`cannot read "${LOCK_NAME}": it is damaged, or of another version`, {
    hint: "run `make lock`, which makes it anew, and review the difference",
  });
}

/** Resolves every group anew, writes the lock, and returns what changed, a line a package. */
export async function refreshLock(inputs: DebianInputs): Promise<string[]> {
  await updateLists(inputs);
  const resolved: FoundPackage[] = [];
  for (const group of Object.keys(inputs.groups) as GroupName[])
    resolved.push(...(await resolve(inputs, group)));
  const packages = joinGroups(resolved);
  const before = readEarlierLock();
  const added = unlicensed(packages, before);
  await fetchArchives(inputs, added);
  const lock = { packages: addLicences(packages, before, await readCopyrights(added)) };
  replaceFile(LOCK_FILE, `${JSON.stringify(lock, null, 2)}\n`);
  return describeLockChange(before, lock);
}

/** Two branches' changes leave a lock that nobody can read, and this is how it is mended: as if there were none. */
function readEarlierLock(): DebianLock {
  const text = readTextIfThere(LOCK_FILE);
  const lock = text === undefined ? undefined : parseLock(text);
  if (text !== undefined && lock === undefined)
    log(`cannot read "${LOCK_NAME}", perhaps after a merge: making it anew, as if there were none`);
  return lock ?? { packages: [] };
}

/** Downloads what these groups lack in the cache; with a full cache no network is used. */
export async function fetchPackages(
  inputs: DebianInputs,
  lock: DebianLock,
  groups: readonly GroupName[],
  say: (what: string) => void = () => {},
): Promise<void> {
  const wanted = new Set(groups.flatMap((group) => packagesOf(lock, group)));
  await fetchArchives(inputs, [...wanted], say);
}

/** A group's packages, downloaded and unpacked, what isn't yet; returns the host path. */
export async function prepareGroup(group: GroupName, say?: (what: string) => void): Promise<string> {
  const lock = readLock();
  await fetchPackages(readInputs(), lock, [group], say);
  return unpackGroup(lock, group);
}

/** The same for several, downloaded together; returns where each is unpacked. */
export async function preparePackages(
  groups: readonly GroupName[],
  say: (what: string) => void,
): Promise<Partial<Record<GroupName, string>>> {
  const lock = readLock();
  await fetchPackages(readInputs(), lock, groups, say);
  const roots: Partial<Record<GroupName, string>> = {};
  for (const group of groups) roots[group] = await unpackGroup(lock, group);
  return roots;
}

/** The tools that images are made with. */
export async function prepareTools(): Promise<Tools> {
  return makeTools(await prepareGroup("tools"), readInputs().epoch);
}

/** Unpacks a group's packages over one another, without running their scripts; returns the host path. */
async function unpackGroup(lock: DebianLock, group: GroupName): Promise<string> {
  const packages = packagesOf(lock, group);
  const id = sha256(packages.map((locked) => locked.sha256).join()).slice(0, 12);
  const root = buildPath("cache/roots", `${group}-${id}`);
  if (existsSync(root)) return root;
  mkdirSync(dirname(root), { recursive: true });
  const unfinished = mkdtempSync(`${root}.`);
  chmodSync(unfinished, 0o755);
  try {
    for (const locked of packages) await run(["dpkg-deb", "--extract", archivePath(locked), unfinished]);
    moveUnlessThere(unfinished, root);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return root;
}

/** Another process may have unpacked the same meanwhile: its folder serves as well. */
function moveUnlessThere(folder: string, place: string): void {
  try {
    renameSync(folder, place);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(errorCode(error) ?? "")) throw error;
  }
}
