// release.json: what a release is, and the sums of its files. It is signed, and everything else is held against it. Pure.
import * as v from "valibot";
import { isVersion } from "./version.ts";

export const PRODUCT = "kubesolo-os";

/** Of disk and boot: which partitions there are, and what GRUB hands over. */
export const LAYOUT = 1;

/** Files of a slot, in the order in which a bundle has them. */
export const slotFiles = ["vmlinuz", "initramfs.img", "boot.cfg", "root.squashfs"] as const;

export type SlotFile = (typeof slotFiles)[number];

/** A manifest is read only up to this size. */
export const MANIFEST_MAX_BYTES = 65_536;

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hexadecimal digits"));
const Version = v.pipe(v.string(), v.check(isVersion, "not a version such as 1.2.3"));
const Word = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.+_-]{0,62}$/, "not a word"));
const Count = v.pipe(v.number(), v.integer("not a whole number"), v.minValue(1), v.maxValue(999_999_999));

const ReleaseFile = v.strictObject({
  name: v.picklist(slotFiles),
  size: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  sha256: Sha256,
});

export const ReleaseManifestSchema = v.strictObject({
  product: Word,
  version: Version,
  /** Grows with each release of a channel. */
  sequence: Count,
  architecture: Word,
  profile: Word,
  layout: Count,
  kubernetes: v.pipe(v.string(), v.regex(/^v\d+\.\d+\.\d+$/, "not a version such as v1.37.2")),
  /** The oldest version that it may be installed over. */
  min_compatible_version: Version,
  /** dm-verity's. */
  root_hash: Sha256,
  files: v.pipe(
    v.array(ReleaseFile),
    v.check(
      (files) => files.map(({ name }) => name).join() === slotFiles.join(),
      `not the files ${slotFiles.join(", ")}, each once and in this order`,
    ),
  ),
  notes: v.optional(v.pipe(v.string(), v.maxLength(16_384)), ""),
});

export type ReleaseManifest = v.InferOutput<typeof ReleaseManifestSchema>;

/** Reads release.json, whose signature holds: all that is wrong with it, or the manifest. */
export function parseReleaseManifest(text: string): ReleaseManifest | { readonly problems: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problems: ["release.json is no JSON"] };
  }
  const result = v.safeParse(ReleaseManifestSchema, json);
  if (result.success) return result.output;
  return {
    problems: result.issues.map((issue) => {
      const path = v.getDotPath(issue);
      return `release.json${path === null ? "" : `, ${path}`}: ${issue.message}`;
    }),
  };
}

/** release.json's text; throws when it isn't what the schema says. */
export function formatReleaseManifest(manifest: ReleaseManifest): string {
  return `${JSON.stringify(v.parse(ReleaseManifestSchema, manifest), null, 2)}\n`;
}

/**
 * What GRUB's `hashsum --check` and sha256sum(1) read: the sums of what GRUB loads. The root isn't among it: the initramfs
 * verifies that by its root hash, block by block.
 */
export function slotSums({ files }: ReleaseManifest): string {
  return files
    .filter(({ name }) => name !== "root.squashfs")
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`)
    .join("");
}

/** Bytes that its files take in a slot. */
export function sizeOf({ files }: ReleaseManifest): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
