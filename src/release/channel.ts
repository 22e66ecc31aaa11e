// A channel: which releases there are for whom, signed, apart from their bundles. A folder that any web server can serve, or a
// stick, has several; all files but the channels' own are named by what is in them. Pure.
import * as v from "valibot";
import { PRODUCT, type ReleaseManifest, ReleaseManifestSchema } from "./release-manifest.ts";

/** A channel is read only up to this size. */
export const CHANNEL_MAX_BYTES = 262_144;

export const DEFAULT_CHANNEL = "stable";

const { version, sequence, architecture, profile, kubernetes, min_compatible_version, root_hash } =
  ReleaseManifestSchema.entries;

const ChannelRelease = v.object({
  version,
  sequence,
  architecture,
  profile,
  kubernetes,
  min_compatible_version,
  /** SHA-256 of release.json. */
  manifest_sha256: root_hash,
});

/** More is allowed, so that a later version can say more. */
export const ChannelSchema = v.object({
  product: v.literal(PRODUCT),
  channel: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, "not a channel's name such as stable")),
  /** Grows by one each time. */
  number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999_999_999)),
  /** In UTC. It decides nothing, and tells how old the news are. */
  issued: v.pipe(v.string(), v.isoTimestamp("not a time such as 2026-11-29T19:00:00Z")),
  releases: v.pipe(v.array(ChannelRelease), v.maxLength(1000)),
});

export type Channel = v.InferOutput<typeof ChannelSchema>;
export type ChannelRelease = Channel["releases"][number];

/** Where things are in such a folder. */
export const CHANNELS = "channel";
export const channelFile = (name: string): string => `${CHANNELS}/${name}.json`;
/** The bundle with that release.json. */
export const releaseFile = (manifestSha256: string): string => `releases/${manifestSha256}.tar`;
/** keys.json of that number. */
export const keysFile = (number: number): string => `keys/${number}.json`;
/** Of a file: by whom it was signed first, and by whom besides. A channel has the first only. */
export const signatureFiles = (file: string): readonly [string, string] => [
  `${file}.minisig`,
  `${file}.2.minisig`,
];

/** Reads a channel, whose signature holds: what is wrong with it, or the channel. */
export function parseChannel(text: string): Channel | { readonly problem: string } {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), ChannelSchema), text);
  if (result.success) return result.output;
  const [issue] = result.issues;
  return { problem: `${v.getDotPath(issue) ?? "as a whole"}: ${issue.message}` };
}

/** A channel's text; throws when it isn't what the schema says. */
export function formatChannel(channel: Channel): string {
  return `${JSON.stringify(v.parse(ChannelSchema, channel), undefined, 2)}\n`;
}

/** What a channel says of a release. `manifestSha256`: of its release.json, as it is signed. */
export function describedIn(manifest: ReleaseManifest, manifestSha256: string): ChannelRelease {
  return v.parse(ChannelRelease, { ...manifest, manifest_sha256: manifestSha256 });
}
