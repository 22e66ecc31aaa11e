// Whether a release is what it says, and whether one of these keys vouches for it: all reasons why not, at once.
import { sha256 } from "../lib/files.ts";
import { nodeMath } from "../lib/signature-math.ts";
import { printable, type Verdict, verifySignature } from "../release/minisign.ts";
import { type ReleaseManifest, sizeOf } from "../release/release-manifest.ts";
import type { UpdateKeys } from "../release/update-keys.ts";
import { type Release, readRelease, sumProblems } from "./release.ts";

export type Verified =
  | {
      readonly manifest: ReleaseManifest;
      /** Of release.json, as it is signed. */
      readonly manifestSha256: string;
      readonly keyId: string;
      readonly trustedComment: string;
    }
  | { readonly problems: readonly string[] };

export async function verifyRelease(path: string, keys: UpdateKeys): Promise<Verified> {
  const release = await readRelease(path);
  const verdict = judgeSignature(release, keys);
  const problems = [
    ...(verdict !== undefined && "refusal" in verdict ? [verdict.refusal] : []),
    ...release.problems,
    ...(await sumProblems(release)),
  ];
  const { manifest, bytes } = release;
  if (problems.length > 0 || verdict === undefined || "refusal" in verdict || !manifest || !bytes)
    return { problems: problems.map(printable) };
  return { manifest, manifestSha256: sha256(bytes), ...verdict };
}

/** What a release is, a line a fact, for a person. Pure. */
export function describeRelease(manifest: ReleaseManifest): string {
  const { product, version, sequence, architecture, profile, layout, kubernetes } = manifest;
  const facts = [
    ["release", `${product} ${version}, sequence ${sequence}`],
    ["for", `${architecture}, profile ${profile}, layout ${layout}`],
    ["over", `${manifest.min_compatible_version} and later`],
    ["kubernetes", kubernetes],
    ["root hash", manifest.root_hash],
    ...manifest.files.map(({ name, size, sha256 }) => [name, `${size} bytes, SHA-256 ${sha256}`]),
    ["in all", `${sizeOf(manifest)} bytes`],
    ...manifest.notes
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ["notes", printable(line)]),
  ];
  return facts.map(([name = "", what = ""]) => `${name.padEnd(14)} ${what}\n`).join("");
}

/** Nothing of a release without a manifest, which is a problem by itself. */
function judgeSignature({ bytes, signature }: Release, keys: UpdateKeys): Verdict | undefined {
  if (bytes === undefined) return undefined;
  if (signature === undefined) return { refusal: "it isn't signed" };
  return verifySignature(bytes, signature, keys.releaseKeys, nodeMath);
}
