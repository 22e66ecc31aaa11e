// What publishing does to a channel, or all that speaks against it. Pure.
import { CHANNEL_MAX_BYTES, type Channel, type ChannelRelease, formatChannel } from "../release/channel.ts";
import { PRODUCT } from "../release/release-manifest.ts";

export interface ChannelChange {
  /** The channel's name. */
  readonly name: string;
  /** Now, in UTC. */
  readonly issued: string;
  readonly add: readonly ChannelRelease[];
  /** Versions that are withdrawn: of all architectures and profiles. */
  readonly remove: readonly string[];
  /** Lets a release in that is older than what the channel has. */
  readonly isOlderAllowed: boolean;
  /** Of the channel, where the folder with the last one was lost; one more than the last one's unless said. */
  readonly number?: number;
}

export type ChannelPlan =
  | { readonly channel: Channel; readonly text: string }
  | { readonly problems: readonly string[] };

/** The channel after it. What is removed is gone before anything is added; nothing to change is news, too. */
export function planChannel(existing: Channel | undefined, change: ChannelChange): ChannelPlan {
  const { name, issued, add, remove, isOlderAllowed } = change;
  const last = existing?.number ?? 0;
  const number = change.number ?? last + 1;
  const present = existing?.releases ?? [];
  const missing = remove.filter((version) => !present.some((release) => release.version === version));
  const kept = present.filter(({ version }) => !remove.includes(version));
  const problems = [
    ...missing.map((version) => `the channel "${name}" has no release ${version}`),
    ...(number > last ? [] : [`the channel "${name}" has the number ${last} already`]),
    ...(existing === undefined && add.length === 0
      ? [`there is no channel "${name}" yet, and no bundle`]
      : []),
    ...add.flatMap((release, index) => clashes(release, [...kept, ...add.slice(0, index)])),
    ...(isOlderAllowed ? [] : add.flatMap((release) => olderThan(release, kept))),
  ];
  if (problems.length > 0) return { problems: [...new Set(problems)] };
  const releases = [
    ...kept.filter((release) => !add.some((other) => isSame(release, other))),
    ...unique(add),
  ];
  const channel: Channel = {
    ...{ product: PRODUCT, channel: name, number, issued },
    releases: releases.sort(inOrder),
  };
  const text = formatChannel(channel);
  return Buffer.byteLength(text) <= CHANNEL_MAX_BYTES
    ? { channel, text }
    : { problems: [`with ${releases.length} releases the channel is larger than devices read: remove some`] };
}

function clashes(release: ChannelRelease, others: readonly ChannelRelease[]): string[] {
  return others
    .filter((other) => isForSame(release, other) && !isSame(release, other))
    .flatMap((other) => {
      const { version, sequence } = release;
      if (version === other.version) return [`there is another ${version} for ${machines(release)}`];
      if (sequence !== other.sequence) return [];
      return [
        `${version} has the sequence ${sequence}, and so has ${other.version} for ${machines(release)}`,
      ];
    });
}

function olderThan(release: ChannelRelease, kept: readonly ChannelRelease[]): string[] {
  const others = kept.filter((other) => isForSame(release, other));
  const highest = Math.max(0, ...others.map(({ sequence }) => sequence));
  if (release.sequence >= highest || others.some((other) => isSame(release, other))) return [];
  return [
    `${release.version} has the sequence ${release.sequence}, and for ${machines(release)} there is ${highest} already`,
  ];
}

/** A release that was signed anew has the same release.json. */
function isSame(one: ChannelRelease, other: ChannelRelease): boolean {
  return one.manifest_sha256 === other.manifest_sha256;
}

function isForSame(one: ChannelRelease, other: ChannelRelease): boolean {
  return one.architecture === other.architecture && one.profile === other.profile;
}

function machines({ architecture, profile }: ChannelRelease): string {
  return `${architecture}, profile ${profile}`;
}

function unique(releases: readonly ChannelRelease[]): ChannelRelease[] {
  return releases.filter((release, index) => releases.findIndex((other) => isSame(release, other)) === index);
}

function inOrder(one: ChannelRelease, other: ChannelRelease): number {
  const [first, second] = [machines(one), machines(other)];
  if (first !== second) return first < second ? -1 : 1;
  return one.sequence - other.sequence;
}
