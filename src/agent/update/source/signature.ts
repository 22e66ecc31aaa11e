// Whether what a release says of itself is signed by somebody whose word counts here.
import { verifySignature } from "../../../release/minisign.ts";
import { parseReleaseManifest, type ReleaseManifest } from "../../../release/release-manifest.ts";
import type { Bytes, Host } from "../../host.ts";
import { UpdateFailure } from "../failure.ts";
import { readUpdateKeys } from "./keys.ts";

/** Nothing of it is read before its signature holds. */
export function readSignedManifest(host: Host, manifest: Bytes, signature: string): ReleaseManifest {
  const { releaseKeys } = readUpdateKeys(host);
  const verdict = verifySignature(manifest, signature, releaseKeys, host);
  if ("refusal" in verdict) throw new UpdateFailure(verdict.refusal);
  const read = parseReleaseManifest(host.decodeUtf8(manifest));
  if ("problems" in read) throw new UpdateFailure(read.problems.join("; "));
  return read;
}
