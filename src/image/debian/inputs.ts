// The Debian packages that go into the image or build it: what is asked for, and the lock. Pure.
import * as v from "valibot";

/** Debian's and Go's name. */
const Architecture = v.picklist(["amd64", "arm64"]);

const Inputs = v.strictObject({
  /** Code name of the release, e.g. "trixie". */
  suite: v.string(),
  architecture: Architecture,
  /** Seconds since 1970: the time stamp of every file made; moves with the lock. */
  epoch: v.pipe(v.number(), v.integer()),
  /**
   * Taken as installed when dependencies are resolved, but in a group that names them: only maintainer scripts, which
   * never run here, need them.
   */
  assumed: v.array(v.string()),
  /** What is unpacked together, by name. */
  groups: v.strictObject({
    kernel: v.array(v.string()),
    "kernel-hardware": v.array(v.string()),
    rootfs: v.array(v.string()),
    tools: v.array(v.string()),
    nginx: v.array(v.string()),
    /** What the benchmark's peer keeps its state in. */
    etcd: v.array(v.string()),
    /** A small Debian with systemd, whose boot is measured beside ours. */
    systemd: v.array(v.string()),
    /** What the benchmark holds the node's configuration against. */
    "cloud-init": v.array(v.string()),
    conformance: v.array(v.string()),
    /** One that we didn't build: what people have on their workstations. */
    kubectl: v.array(v.string()),
    registry: v.array(v.string()),
    /** C libraries and headers for what is compiled, so that the host's own don't matter. */
    "sysroot-amd64": v.array(v.string()),
    "sysroot-arm64": v.array(v.string()),
  }),
});

const LockedPackage = v.strictObject({
  name: v.string(),
  version: v.string(),
  architecture: v.string(),
  sizeBytes: v.number(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Debian's suite and component, "trixie-security/main". */
  origin: v.pipe(v.string(), v.regex(/^[a-z]+(-[a-z]+)?\/[a-z-]+$/)),
  groups: v.array(v.string()),
});

const ResolvedPackage = v.omit(LockedPackage, ["origin"]);

const Lock = v.strictObject({ packages: v.array(LockedPackage) });

export type Architecture = v.InferOutput<typeof Architecture>;
export type DebianInputs = v.InferOutput<typeof Inputs>;
export type GroupName = keyof DebianInputs["groups"];
export type LockedPackage = v.InferOutput<typeof LockedPackage>;
export type DebianLock = v.InferOutput<typeof Lock>;

export function parseInputs(json: string): DebianInputs {
  return v.parse(Inputs, JSON.parse(json));
}

export function parseLock(json: string): DebianLock {
  return v.parse(Lock, JSON.parse(json));
}

/** The file name apt gives a package: `:` of an epoch is written `%3a`. */
export function packageFileName({ name, version, architecture }: LockedPackage): string {
  return `${name}_${version.replaceAll(":", "%3a")}_${architecture}.deb`;
}

/** The packages of one group, in the lock's order. */
export function packagesOf(lock: DebianLock, group: GroupName): LockedPackage[] {
  return lock.packages.filter((locked) => locked.groups.includes(group));
}

/** A package before it is known which suite has it. */
export type ResolvedPackage = Omit<LockedPackage, "origin">;

/**
 * Reads what `apt-get install --print-uris` prints: one package a line,
 * `'URI' NAME_VERSION_ARCH.deb SIZE SHA256:HEX`.
 */
export function parsePrintUris(output: string, group: GroupName): ResolvedPackage[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("'"))
    .map((line) => {
      const [, file = "", size = "", hash = ""] = line.split(" ");
      const [name = "", version = "", architecture = ""] = file.replace(/\.deb$/, "").split("_");
      const locked = { name, version: version.replaceAll("%3a", ":"), architecture, groups: [group] };
      const digest = hash.replace(/^SHA256:/, "");
      return v.parse(ResolvedPackage, { ...locked, sizeBytes: Number(size), sha256: digest });
    });
}

/**
 * Adds where each package comes from, by what `apt-cache madison` prints: a version a line,
 * `NAME | VERSION | URI SUITE/COMPONENT ARCH Packages`. What came as a security update stays one when the release has it too.
 */
export function addOrigins(packages: readonly ResolvedPackage[], madison: string): LockedPackage[] {
  const lines = madison.split("\n").map((line) => line.split("|").map((field) => field.trim()));
  return packages.map((resolved) => {
    const { name, version, architecture } = resolved;
    const origins = lines
      .filter(([full, has]) => (full === name || full === `${name}:${architecture}`) && has === version)
      .map(([, , source = ""]) => source.split(" ")[1] ?? "");
    const origin = origins.find(isSecurity) ?? origins.sort()[0];
    if (origin === undefined) throw new Error(`apt-cache knows no suite with ${name} ${version}`);
    return v.parse(LockedPackage, { ...resolved, origin });
  });
}

function isSecurity(origin: string): boolean {
  return origin.includes("-security/");
}

/** One lock from the groups' packages: a package that several groups name stands there once. */
export function makeLock(packages: readonly LockedPackage[]): DebianLock {
  const byName = new Map<string, LockedPackage>();
  for (const locked of packages) {
    const groups = byName.get(fullName(locked))?.groups ?? [];
    byName.set(fullName(locked), { ...locked, groups: [...groups, ...locked.groups] });
  }
  return { packages: [...byName.values()].sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1)) };
}

/** As apt writes it: NAME:ARCHITECTURE. */
function fullName({ name, architecture }: LockedPackage): string {
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

/** The apt sources of `suite` on the mirror that the host uses, from `apt-get indextargets` lines. */
export function planSources(indexTargets: string, suite: string): string[] {
  const signedBy = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  const lines = indexTargets.split("\n").map((line) => line.split(" "));
  const sources = lines.flatMap(([uri = "", release = "", component = ""]) => {
    const match = /^(?:bookworm|trixie|forky|sid)(-updates|-security)?$/.exec(release);
    if (match === null || component !== "main") return [];
    return [`deb ${signedBy} ${uri} ${suite}${match[1] ?? ""} main`];
  });
  return [...new Set(sources)].sort();
}
