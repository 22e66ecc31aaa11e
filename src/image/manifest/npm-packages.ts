// The npm packages that run when an image is built, or are in the agent. Pure.
import * as v from "valibot";

const Entry = v.object({
  version: v.optional(v.string()),
  integrity: v.optional(v.string()),
  license: v.optional(v.string(), "unknown"),
  dev: v.optional(v.boolean(), false),
  /** Of use to a package that runs, but there only because our checks want it. */
  devOptional: v.optional(v.boolean(), false),
  os: v.optional(v.array(v.string()), ["linux"]),
  cpu: v.optional(v.array(v.string()), ["x64"]),
});

const PackageLock = v.object({ lockfileVersion: v.literal(3), packages: v.record(v.string(), Entry) });

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** "sha512-…", Subresource Integrity. */
  readonly integrity: string;
  /** `linked`: something of it is in the agent; `tool`: only made the image. */
  readonly use: "linked" | "tool";
  readonly licence: string;
}

/**
 * Reads package-lock.json: without what only our tests and linters need, and of packages for one kind of host those for
 * the factory's, whatever this host is. `linked` are the folders of those in the agent, whatever else they are for.
 */
export function parseNpmPackages(packageLock: string, linked: readonly string[]): NpmPackage[] {
  const { packages } = v.parse(PackageLock, JSON.parse(packageLock));
  const unknown = linked.filter((path) => packages[path] === undefined);
  if (unknown.length > 0) throw new Error(`package-lock.json does not know "${unknown.join('", "')}"`);
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => linked.includes(path) || (path !== "" && !dev && !devOptional))
    .filter(([, { os, cpu }]) => os.includes("linux") && cpu.includes("x64"))
    .map(([path, { version, integrity, license }]): NpmPackage => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      if (version === undefined || integrity === undefined)
        throw new Error(`package-lock.json does not lock "${path}"`);
      return { name, version, integrity, use: linked.includes(path) ? "linked" : "tool", licence: license };
    })
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}
