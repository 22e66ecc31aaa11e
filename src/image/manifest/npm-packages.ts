// The npm packages that run when an image is built. Pure.
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
  readonly licence: string;
}

/**
 * Reads package-lock.json: without what only our tests and linters need, and of packages for one kind of host those for
 * the factory's, whatever this host is.
 */
export function parseNpmPackages(packageLock: string): NpmPackage[] {
  const { packages } = v.parse(PackageLock, JSON.parse(packageLock));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
    .filter(([, { os, cpu }]) => os.includes("linux") && cpu.includes("x64"))
    .map(([path, { version, integrity, license }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      if (version === undefined || integrity === undefined)
        throw new Error(`package-lock.json does not lock "${path}"`);
      return { name, version, integrity, licence: license };
    })
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}
