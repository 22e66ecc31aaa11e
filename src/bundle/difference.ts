// What differs between two releases, for a person. Pure.
import type { Manifest } from "../image/manifest/manifest.ts";
import { type ReleaseManifest, slotFiles } from "../release/release-manifest.ts";

/** What can be told of a release. */
export interface Contents {
  /** Version, Kubernetes and the like. */
  readonly facts: ReadonlyMap<string, string>;
  /** Bytes of each file. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What it is made of, with versions and licences; a bundle doesn't say. */
  readonly parts?: ReadonlyMap<string, string>;
}

export function bundleContents(release: ReleaseManifest): Contents {
  const { version, sequence, architecture, profile, kubernetes } = release;
  return {
    facts: new Map(
      Object.entries({ version, architecture, profile, kubernetes, sequence: String(sequence) }),
    ),
    sizes: new Map(release.files.map(({ name, size }) => [name, size])),
  };
}

export function imageContents(manifest: Manifest): Contents {
  const { version, architecture, profile, kernelRelease: kernel, goModules } = manifest;
  const kubernetes = goModules.find(({ path }) => path === "k8s.io/kubernetes")?.version;
  return {
    facts: new Map(
      Object.entries({ version, architecture, profile, ...(kubernetes && { kubernetes }), kernel }),
    ),
    // A bundle doesn't list what is derived from these.
    sizes: new Map(
      manifest.files.filter(({ name }) => isSlotFile(name)).map(({ name, sizeBytes }) => [name, sizeBytes]),
    ),
    parts: new Map([
      ...manifest.debianPackages
        .filter(({ use }) => use !== "tool")
        .map((part) => described("Debian", `${part.name}:${part.architecture}`, part.version, part.licences)),
      ...goModules.map((part) => described("Go", part.path, part.version, part.licences)),
      ...manifest.npmPackages
        .filter(({ use }) => use !== "tool")
        .map((part) => described("npm", part.name, part.version, [part.licence])),
      ...manifest.containerImages.map(({ name, digest }) => described("image", name, digest, [])),
    ]),
  };
}

/** A line a difference; none when nothing differs of what both tell. */
export function describeDifference(before: Contents, after: Contents): string[] {
  const sizes = (contents: Contents) =>
    new Map([...contents.sizes].map(([name, size]) => [name, `${size} bytes`]));
  const parts = before.parts && after.parts ? changes(before.parts, after.parts) : [];
  // What only one of the two kinds of description has is no difference.
  const told = [...before.facts.keys()].filter((name) => after.facts.has(name));
  const facts = ({ facts }: Contents) => new Map(told.map((name) => [name, facts.get(name) ?? ""]));
  return [...changes(facts(before), facts(after)), ...changes(sizes(before), sizes(after)), ...parts];
}

function isSlotFile(name: string): boolean {
  return slotFiles.some((each) => each === name);
}

function described(
  from: string,
  name: string,
  version: string,
  licences: readonly string[] | string,
): readonly [string, string] {
  const licence = typeof licences === "string" ? licences : licences.join(", ");
  return [`${from} ${name}`, licence === "" ? version : `${version} (${licence})`];
}

function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? "not there"} → ${after.get(name) ?? "removed"}`);
}
