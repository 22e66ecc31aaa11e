// Keys of the node's configuration that an update may be signed by. A stick that somebody plugs in later must not bring keys: only
// those count that stand in the node's first configuration, or in the image's.
import * as v from "valibot";
import type { Host } from "../../host.ts";
import { findJson } from "../../json.ts";
import { places } from "../../places.ts";

const Keys = v.object({ keys: v.optional(v.array(v.string()), []) });
const MAX_BYTES = 65_536;

/** Those that the configuration names, and that count. */
export function configuredKeys(host: Host): string[] {
  const trusted = readKeys(host, places.trustedKeys) ?? [];
  return (readKeys(host, places.updates) ?? []).filter((key) => trusted.includes(key));
}

/** Called when a configuration is applied: what is wrong with its keys. `isImages`: it is the image's own. */
export function trustKeys(host: Host, isImages: boolean): readonly string[] {
  const wanted = readKeys(host, places.updates) ?? [];
  const trusted = readKeys(host, places.trustedKeys);
  if (trusted === undefined || (isImages && wanted.some((key) => !trusted.includes(key)))) {
    host.writeFile(places.trustedKeys, `${JSON.stringify({ keys: wanted })}\n`, { mode: 0o600 });
    return [];
  }
  const strange = wanted.filter((key) => !trusted.includes(key));
  if (strange.length === 0) return [];
  return [
    `kubesolo.updates.keys: ${strange.join(", ")}: only a node's first configuration, or the image's, may name keys; a reset makes it new`,
  ];
}

/** None in a damaged file: whoever damages it gains nothing. */
function readKeys(host: Host, path: string): string[] | undefined {
  const found = findJson(host, path, MAX_BYTES, Keys);
  if (found === "missing") return undefined;
  return found === "damaged" ? [] : found.keys;
}
