// What a bundle is: a release in one uncompressed tar, its manifest first, so that whoever reads it knows what comes before it
// comes. The same files may lie loose in a folder. Pure.
import { MANIFEST_MAX_BYTES, slotFiles } from "./release-manifest.ts";

export const MANIFEST_FILE = "release.json";
export const SIGNATURE_FILE = "release.json.minisig";
/** Of a slot: sums of what GRUB loads. */
export const SUMS_FILE = "sha256sums";

/** A signature in minisign's format never has as much. */
export const SIGNATURE_MAX_BYTES = 4096;

/** Of those that are read as a whole. */
export const MAX_BYTES: Readonly<Record<string, number>> = {
  [MANIFEST_FILE]: MANIFEST_MAX_BYTES,
  [SIGNATURE_FILE]: SIGNATURE_MAX_BYTES,
};

/** In the order in which they stand in a signed bundle. */
export const bundleMembers = [MANIFEST_FILE, SIGNATURE_FILE, ...slotFiles] as const;

export type BundleMember = (typeof bundleMembers)[number];

export interface MemberSize {
  readonly name: string;
  readonly size: number;
}

/** What is wrong with the members of a bundle, before any of them is read. An unsigned one has all but the signature. */
export function memberProblems(members: readonly MemberSize[]): string[] {
  const names = members.map(({ name }) => name);
  const known: readonly string[] = bundleMembers;
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const ordered = known.filter((name) => names.includes(name));
  const isOrdered = names.filter((name) => known.includes(name)).join() === ordered.join();
  return [
    ...known
      .filter((name) => name !== SIGNATURE_FILE && !names.includes(name))
      .map((name) => `${name} is missing`),
    ...names.filter((name) => !known.includes(name)).map((name) => `"${name}" is no part of a release`),
    ...[...new Set(twice)].map((name) => `"${name}" is there twice`),
    ...(isOrdered || twice.length > 0 ? [] : [`its files aren't in the order ${ordered.join(", ")}`]),
    ...members.flatMap(({ name, size }) => tooLarge(name, size)),
  ];
}

/** What is wrong with the sizes of files, held against what the release says of them. */
export function sizeProblems(members: readonly MemberSize[], files: readonly MemberSize[]): string[] {
  return files.flatMap(({ name, size }) => {
    const member = members.find((each) => each.name === name);
    if (member === undefined || member.size === size) return [];
    return [`${name} has ${member.size} bytes, and the release says ${size}`];
  });
}

function tooLarge(name: string, size: number): string[] {
  const limit = MAX_BYTES[name];
  return limit === undefined || size <= limit
    ? []
    : [`${name} has ${size} bytes, and at most ${limit} are read`];
}
