// The lock of Debian packages: which version, with which bytes, from where and under which licences. Pure.
import * as v from "valibot";
import type { GroupName } from "./inputs.ts";
import { type Copyright, Licences, parseLicences } from "./licences.ts";

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const LockedPackage = v.strictObject({
  name: v.string(),
  version: v.string(),
  architecture: v.string(),
  sizeBytes: v.number(),
  sha256: Sha256,
  /** Debian's suite and component, "trixie-security/main". */
  origin: v.pipe(v.string(), v.regex(/^[a-z]+(-[a-z]+)?\/[a-z-]+$/)),
  licences: Licences,
  groups: v.array(v.string()),
});

const FoundPackage = v.omit(LockedPackage, ["licences"]);
const PackageFile = v.strictObject({
  uri: v.string(),
  name: v.string(),
  sizeBytes: v.number(),
  sha256: Sha256,
});
const Lock = v.strictObject({ packages: v.array(LockedPackage) });

/** A package before it is known which suite has it. */
export type ResolvedPackage = Omit<FoundPackage, "origin">;
/** A package before its archive was looked into. */
export type FoundPackage = v.InferOutput<typeof FoundPackage>;
/** A package's file in an archive, by apt's own name for it. */
export type PackageFile = v.InferOutput<typeof PackageFile>;
export type LockedPackage = v.InferOutput<typeof LockedPackage>;
export type DebianLock = v.InferOutput<typeof Lock>;

/** Undefined for what is no lock, as a merge of two of them, or a lock that an earlier version wrote. */
export function parseLock(json: string): DebianLock | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Lock), json);
  return parsed.success ? parsed.output : undefined;
}

/** The file name apt gives a package: `:` of an epoch is written `%3a`. */
export function packageFileName({ name, version, architecture }: ResolvedPackage): string {
  return `${name}_${version.replaceAll(":", "%3a")}_${architecture}.deb`;
}

/** The packages of one group, in the lock's order. */
export function packagesOf(lock: DebianLock, group: GroupName): LockedPackage[] {
  return lock.packages.filter((locked) => locked.groups.includes(group));
}

/** Reads what apt-get's `--print-uris` prints, one file a line: `'URI' NAME_VERSION_ARCH.deb SIZE SHA256:HEX`. */
export function parseFiles(printed: string): PackageFile[] {
  return printed
    .split("\n")
    .filter((line) => line.startsWith("'"))
    .map((line) => {
      const [uri = "", name, size, hash = ""] = line.split(" ");
      const sha256 = hash.replace(/^SHA256:/, "");
      return v.parse(PackageFile, { uri: uri.slice(1, -1), name, sizeBytes: Number(size), sha256 });
    });
}

/** The package of a group whose file this is. */
export function resolvedPackage(
  { name: file, sizeBytes, sha256 }: PackageFile,
  group: GroupName,
): ResolvedPackage {
  const [name = "", version = "", architecture = ""] = file.replace(/\.deb$/, "").split("_");
  return { name, version: version.replaceAll("%3a", ":"), architecture, sizeBytes, sha256, groups: [group] };
}

/**
 * Adds where each package comes from, by what `apt-cache madison` prints: a version a line,
 * `NAME | VERSION | URI SUITE/COMPONENT ARCH Packages`. What came as a security update stays one when the release has it too.
 */
export function addOrigins(packages: readonly ResolvedPackage[], madison: string): FoundPackage[] {
  const lines = madison.split("\n").map((line) => line.split("|").map((field) => field.trim()));
  return packages.map((resolved) => {
    const { name, version, architecture } = resolved;
    const origins = lines
      .filter(([full, has]) => (full === name || full === `${name}:${architecture}`) && has === version)
      .map(([, , source = ""]) => source.split(" ")[1] ?? "");
    const origin = origins.find(isSecurity) ?? origins.sort()[0];
    if (origin === undefined) throw new Error(`apt-cache knows no suite with ${name} ${version}`);
    return v.parse(FoundPackage, { ...resolved, origin });
  });
}

function isSecurity(origin: string): boolean {
  return origin.includes("-security/");
}

/** The groups' packages, sorted: one that several groups name stands there once. */
export function joinGroups(packages: readonly FoundPackage[]): FoundPackage[] {
  const byName = new Map<string, FoundPackage>();
  for (const found of packages) {
    const groups = byName.get(fullName(found))?.groups ?? [];
    byName.set(fullName(found), { ...found, groups: [...groups, ...found.groups] });
  }
  return [...byName.values()].sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1));
}

/** The packages of whose bytes the earlier lock doesn't tell the licences. */
export function unlicensed(packages: readonly FoundPackage[], before: DebianLock): FoundPackage[] {
  const known = new Set(before.packages.map(({ sha256 }) => sha256));
  return packages.filter(({ sha256 }) => !known.has(sha256));
}

/**
 * Adds each package's licences: those of the earlier lock for the same bytes, or by its copyright file.
 * @param copyrights of the others, by their SHA-256
 */
export function addLicences(
  packages: readonly FoundPackage[],
  before: DebianLock,
  copyrights: ReadonlyMap<string, Copyright>,
): LockedPackage[] {
  const known = new Map(before.packages.map(({ sha256, licences }) => [sha256, licences]));
  const licencesOf = (found: FoundPackage): Licences => {
    const copyright = copyrights.get(found.sha256);
    if (copyright === undefined) return known.get(found.sha256) ?? parseLicences("");
    if ("text" in copyright) return parseLicences(copyright.text);
    const other = packages.find((one) => one.name === copyright.sameAs && isAlongside(one, found));
    if (other === undefined) throw new Error(`${found.name} needs ${copyright.sameAs}, which isn't locked`);
    return licencesOf(other);
  };
  return packages.map((found) => ({ ...found, licences: licencesOf(found) }));
}

function isAlongside({ architecture }: ResolvedPackage, other: ResolvedPackage): boolean {
  return architecture === other.architecture || architecture === "all";
}

/** As apt writes it: NAME:ARCHITECTURE. */
function fullName({ name, architecture }: ResolvedPackage): string {
  return `${name}:${architecture}`;
}

/** What changed from one lock to the next, a line a package, security updates first. */
export function describeLockChange(before: DebianLock, after: DebianLock): string[] {
  const old = new Map(before.packages.map((locked) => [fullName(locked), locked.version]));
  const now = new Map(after.packages.map((locked) => [fullName(locked), locked]));
  const differing = [...now].filter(([name, { version }]) => old.get(name) !== version);
  const changed = [true, false].flatMap((security) =>
    differing
      .filter(([, { origin }]) => isSecurity(origin) === security)
      .map(([name, { version }]) => {
        const line = `${name}: ${old.get(name) ?? "not there"} → ${version}`;
        return security ? `${line} (security)` : line;
      }),
  );
  const gone = [...old.keys()].filter((name) => !now.has(name)).map((name) => `${name}: removed`);
  return [...changed, ...gone];
}
