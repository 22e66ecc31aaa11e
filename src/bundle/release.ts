// What a release on this host is, and all that is wrong with it. Its signature is apart: sign.ts makes it, verify.ts holds it
// against keys.
import { buffer } from "node:stream/consumers";
import { readSum } from "../lib/file-sum.ts";
import { MANIFEST_FILE, MAX_BYTES, memberProblems, SIGNATURE_FILE, sizeProblems } from "../release/bundle.ts";
import { parseReleaseManifest, type ReleaseManifest } from "../release/release-manifest.ts";
import { type Member, readMembers } from "./members.ts";

export interface Release {
  readonly members: readonly Member[];
  /** release.json, as it is signed; nothing when it can't be read. */
  readonly bytes?: Buffer;
  readonly manifest?: ReleaseManifest;
  /** The text of its signature. */
  readonly signature?: string;
  readonly problems: readonly string[];
}

/** Reads what is said of the release; its files are only counted. */
export async function readRelease(path: string): Promise<Release> {
  const { members, problems: unreadable } = await readMembers(path);
  const bytes = await readSmall(members, MANIFEST_FILE);
  const signature = await readSmall(members, SIGNATURE_FILE);
  const parsed = bytes === undefined ? undefined : parseReleaseManifest(bytes.toString());
  const manifest = parsed !== undefined && "files" in parsed ? parsed : undefined;
  return {
    members,
    ...(bytes !== undefined && { bytes }),
    ...(manifest !== undefined && { manifest }),
    ...(signature !== undefined && { signature: signature.toString() }),
    problems: [
      ...unreadable,
      // Of what is no tar, all would be missing.
      ...(unreadable.length > 0 && members.length === 0 ? [] : memberProblems(members)),
      ...(parsed !== undefined && "problems" in parsed ? parsed.problems : []),
      ...(manifest === undefined ? [] : sizeProblems(members, manifest.files)),
    ],
  };
}

/** Reads all of its files: what isn't as the release says. */
export async function sumProblems({ members, manifest }: Release): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, size, sha256 } of manifest?.files ?? []) {
    const member = members.find((each) => each.name === name && each.size === size);
    if (member !== undefined && (await readSum(member.open())).sha256 !== sha256)
      problems.push(`${name} isn't the file that the release speaks of: another SHA-256`);
  }
  return problems;
}

/** Those two that are read as a whole, unless they are too large for that. */
async function readSmall(members: readonly Member[], name: string): Promise<Buffer | undefined> {
  const member = members.find((each) => each.name === name);
  return member === undefined || member.size > (MAX_BYTES[name] ?? 0) ? undefined : buffer(member.open());
}
