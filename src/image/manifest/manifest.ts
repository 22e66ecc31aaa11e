// The manifest of a build: what is in an image and where it came from. Pure. docs/image.md explains the fields.
import * as v from "valibot";
import type { GroupName } from "../debian/inputs.ts";
import { Licences } from "../debian/licences.ts";
import type { LockedPackage } from "../debian/lock.ts";
import { PROFILES } from "../profile.ts";

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** `image`: its files may be on the device; `linked`: in our programs; `tool`: used to make the image. */
const Use = v.picklist(["image", "linked", "tool"]);

const ManifestSchema = v.strictObject({
  product: v.literal("kubesolo-os"),
  version: v.string(),
  /** Of the sources; with "-dirty" when they were changed since. */
  commit: v.string(),
  architecture: v.picklist(["amd64", "arm64"]),
  profile: v.picklist(PROFILES),
  /** Seconds since 1970: the time stamp of every file. */
  epoch: v.number(),
  kernelRelease: v.string(),
  /** What is in a slot. */
  files: v.array(v.strictObject({ name: v.string(), sizeBytes: v.number(), sha256: Sha256 })),
  debianPackages: v.array(
    v.strictObject({
      name: v.string(),
      version: v.string(),
      architecture: v.string(),
      /** Of the .deb file. */
      sha256: Sha256,
      /** Debian's suite and component. */
      origin: v.string(),
      use: Use,
      licences: Licences,
    }),
  ),
  goModules: v.array(
    v.strictObject({
      path: v.string(),
      version: v.string(),
      sum: v.optional(v.string()),
      programs: v.array(v.string()),
      /** SPDX's, of the texts in its licence file that are known. */
      licences: v.array(v.string()),
    }),
  ),
  npmPackages: v.array(
    v.strictObject({
      name: v.string(),
      version: v.string(),
      integrity: v.string(),
      use: Use,
      licence: v.string(),
    }),
  ),
  /** On the device from the start. */
  containerImages: v.array(
    v.strictObject({ name: v.string(), digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)) }),
  ),
});

export type Manifest = v.InferOutput<typeof ManifestSchema>;
export type PackageUse = v.InferOutput<typeof Use>;

/** Groups of Debian packages by use; a package of several groups has the first use. */
export type GroupUses = readonly (readonly [group: GroupName, use: PackageUse])[];

/** Each package of these groups once, in the lock's order, with what it is used for. */
export function describePackages(
  packages: readonly LockedPackage[],
  uses: GroupUses,
): Manifest["debianPackages"] {
  return packages.flatMap((locked) => {
    const found = uses.find(([group]) => locked.groups.includes(group));
    if (found === undefined) return [];
    const { name, version, architecture, sha256, origin, licences } = locked;
    return [{ name, version, architecture, sha256, origin, use: found[1], licences }];
  });
}

/** Reads a manifest that some version of the factory wrote; nothing when it is none, or another version's. */
export function parseManifest(text: string): Manifest | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ManifestSchema), text);
  return parsed.success ? parsed.output : undefined;
}

/** The manifest's text. Throws when it isn't what the schema says. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(v.parse(ManifestSchema, manifest), null, 2)}\n`;
}
