// Signs a release: release.json, by which all else is held. Whatever isn't as release.json says isn't signed.
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { checksumLine } from "../image/outputs/checksum.ts";
import { UserError } from "../lib/errors.ts";
import { readFileSum } from "../lib/file-sum.ts";
import { replaceFile, writeError } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { bundleMembers, SIGNATURE_FILE } from "../release/bundle.ts";
import type { ReleaseManifest } from "../release/release-manifest.ts";
import { isFolder, type Member } from "./members.ts";
import { signBytes } from "./minisign.ts";
import { readRelease, sumProblems } from "./release.ts";

export interface SignOptions {
  /** Host path of a release key. */
  readonly secret: string;
  /** Where the signed bundle goes; without it, a bundle is replaced, and a folder gets the signature's file. */
  readonly output?: string;
}

/** Returns the host path of what is signed now. */
export async function signRelease(
  path: string,
  { secret, output }: SignOptions,
  tools: Tools,
): Promise<string> {
  const release = await readRelease(path);
  const problems = [...release.problems, ...(await sumProblems(release))];
  const { manifest, bytes, members } = release;
  if (problems.length > 0 || manifest === undefined || bytes === undefined)
    throw new UserError(`"${path}" is no whole release:\n  ${problems.join("\n  ")}`, {
      hint: "`kubesolo-os build bundle` makes one",
    });
  const signature = await signBytes(bytes, { secret, comment: trustedComment(manifest) }, tools);
  if (output === undefined && isFolder(path)) {
    replaceFile(join(path, SIGNATURE_FILE), signature);
    return join(path, SIGNATURE_FILE);
  }
  const target = output ?? path;
  await writeBundle(members, signature, target, tools.epoch);
  // The checksum that a build left beside it is of other bytes now.
  const checksum = `${target}.sha256`;
  if (existsSync(checksum)) {
    const { sha256 } = await readFileSum(target);
    replaceFile(checksum, checksumLine(sha256, basename(target)));
  }
  return target;
}

/** What minisign shows of a signature that holds. Pure. */
export function trustedComment({ version, sequence, architecture, profile }: ReleaseManifest): string {
  return `kubesolo-os ${version} sequence ${sequence} ${architecture} ${profile}`;
}

/** Replaces the host file `target` as a whole, or not at all; it may be the one that is read. */
export async function writeBundle(
  members: readonly Member[],
  signature: string,
  target: string,
  epoch: number,
): Promise<void> {
  const unfinished = `${target}.new`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    const archive = pack();
    await Promise.all([
      pipeline(archive, createWriteStream(unfinished)),
      addMembers(archive, members, signature, epoch),
    ]);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw writeError(target, error);
  }
}

async function addMembers(
  archive: Pack,
  members: readonly Member[],
  signature: string,
  epoch: number,
): Promise<void> {
  const about = { uid: 0, gid: 0, mode: 0o644, mtime: new Date(epoch * 1000) };
  for (const name of bundleMembers) {
    const member = members.find((each) => each.name === name);
    if (name === SIGNATURE_FILE) archive.entry({ ...about, name }, signature);
    else if (member !== undefined)
      await pipeline(member.open(), archive.entry({ ...about, name, size: member.size }));
  }
  archive.finalize();
}
