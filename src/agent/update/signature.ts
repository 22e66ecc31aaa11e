// Whether what a release says of itself is signed by somebody whose word counts here.
import { verifySignature } from "../../release/minisign.ts";
import {
  MANIFEST_MAX_BYTES,
  parseReleaseManifest,
  type ReleaseManifest,
} from "../../release/release-manifest.ts";
import { parseUpdateKeys, type UpdateKeys } from "../../release/update-keys.ts";
import { readIfThere } from "../expected.ts";
import type { Bytes, Host } from "../host.ts";
import { places } from "../places.ts";
import { UpdateFailure } from "./failure.ts";

export function readUpdateKeys(host: Host): UpdateKeys {
  const text = readIfThere(host, places.updateKeys, MANIFEST_MAX_BYTES);
  if (text === undefined)
    throw new UpdateFailure(
      "this image takes no updates: it was built without keys",
      "build images with --update-keys; docs/updates.md says how",
    );
  const verdict = parseUpdateKeys(text, host);
  if ("refusal" in verdict) throw new UpdateFailure(`the image's ${verdict.refusal}`);
  return verdict.keys;
}

/** Nothing of it is read before its signature holds. */
export function readSignedManifest(host: Host, manifest: Bytes, signature: string): ReleaseManifest {
  const { releaseKeys } = readUpdateKeys(host);
  const verdict = verifySignature(manifest, signature, releaseKeys, host);
  if ("refusal" in verdict) throw new UpdateFailure(verdict.refusal);
  const read = parseReleaseManifest(host.decodeUtf8(manifest));
  if ("problems" in read) throw new UpdateFailure(read.problems.join("; "));
  return read;
}
