// The last good configuration on the data partition: all of it in one file, and its user-data once more as the file that
// people know and may edit.
import * as v from "valibot";
import { MAX_SOURCE_BYTES, SOURCE_KINDS } from "../../cloud-init/source.ts";
import { readOwnText } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { readJson } from "../../json.ts";
import { places } from "../../places.ts";
import type { Found, Source } from "./source.ts";

const Kept = v.object({
  origin: v.string(),
  sources: v.array(v.object({ kind: v.picklist(SOURCE_KINDS), name: v.string(), text: v.string() })),
  /** While the two files are replaced: hash of the user-data that is to go. */
  replaces: v.optional(v.string()),
});

export type Kept = v.InferOutput<typeof Kept>;

/** Of all sources, in JSON. */
const MAX_KEPT_BYTES = 8 * MAX_SOURCE_BYTES;

/** The last good configuration; undefined when there is none, or none that can be read. */
export function readKept(host: Host): Kept | undefined {
  return readJson(host, places.keptSources, MAX_KEPT_BYTES, Kept);
}

/** The kept copy as a place to look in. When somebody edited its user-data, that counts, with the other texts as they were. */
export function findKept(host: Host): Found | undefined {
  const kept = readKept(host);
  const edited = readOwnText(host, places.keptUserData, MAX_SOURCE_BYTES);
  if (edited === undefined) return host.stat(places.keptUserData) === undefined ? undefined : unreadable;
  const isUnfinished = kept?.replaces !== undefined && host.sha256(edited) === kept.replaces;
  if (kept !== undefined && (isUnfinished || userData(kept.sources) === edited))
    return { place: "kept copy", origin: kept.origin, sources: kept.sources, problems: [] };
  const rest = kept?.sources.filter(({ kind }) => kind !== "user-data") ?? [];
  const source: Source = { kind: "user-data", name: places.keptUserData, text: edited };
  return { place: "kept copy", origin: places.keptUserData, sources: [source, ...rest], problems: [] };
}

/** The last good one counts then. */
const unreadable: Found = {
  place: "kept copy",
  origin: places.keptUserData,
  sources: [],
  problems: [`${places.keptUserData} is no text in UTF-8 of at most 256 KiB`],
};

/**
 * Keeps a good configuration. A power cut in the middle leaves the old user-data beside the new whole, whose `replaces`
 * then says that nobody edited it. Writes nothing when nothing is new: flash wears out.
 */
export function keep(host: Host, { origin, sources }: Kept): void {
  const old = readOwnText(host, places.keptUserData, MAX_SOURCE_BYTES);
  const text = userData(sources) ?? "";
  const whole = JSON.stringify({ origin, sources });
  const secret = { mode: 0o600 };
  if (readOwnText(host, places.keptSources, MAX_KEPT_BYTES) !== whole) {
    const replaces = old === undefined || old === text ? {} : { replaces: host.sha256(old) };
    host.writeFile(places.keptSources, JSON.stringify({ origin, sources, ...replaces }), secret);
  }
  if (old !== text || host.stat(places.keptUserData)?.mode !== secret.mode)
    host.writeFile(places.keptUserData, text, secret);
  if (readOwnText(host, places.keptSources, MAX_KEPT_BYTES) !== whole)
    host.writeFile(places.keptSources, whole, secret);
}

function userData(sources: readonly Source[]): string | undefined {
  return sources.find(({ kind }) => kind === "user-data")?.text;
}
