// What a box remembers of channels, so that an older one isn't taken for news. Pure.
import * as v from "valibot";
import type { Channel } from "../../../release/channel.ts";

const Seen = v.object({
  number: v.number(),
  /** When it was issued, as it says. */
  issued: v.string(),
  /** The number of the keys that it was signed by: new ones begin to count anew. */
  keys: v.number(),
  /** The newest release for this box, if it isn't installed here. */
  available: v.optional(v.object({ version: v.string(), sequence: v.number() })),
});

/** By the channel's name. */
export const SeenChannels = v.record(v.string(), Seen);

export type SeenChannel = v.InferOutput<typeof Seen>;
export type SeenChannels = v.InferOutput<typeof SeenChannels>;

/** Why a channel, whose signature holds, isn't news; undefined: it is. */
export function staleness(
  channel: Channel,
  keysNumber: number,
  seen: SeenChannel | undefined,
): string | undefined {
  if (seen === undefined || keysNumber > seen.keys || channel.number >= seen.number) return undefined;
  return `it has the number ${channel.number}, and ${seen.number} was seen here before: somebody shows old news`;
}

/** Newer releases that channels have for this machine, but for those that are there already. */
export function listOffers(
  seen: SeenChannels | undefined,
  known: readonly (string | undefined)[],
): { readonly channel: string; readonly version: string }[] {
  return Object.entries(seen ?? {}).flatMap(([channel, { available }]) =>
    available === undefined || known.includes(available.version)
      ? []
      : { channel, version: available.version },
  );
}

/** Nobody says for so long that there is nothing new: somebody may be holding the news back. */
const SILENT_DAYS = 30;

/** Channels without news, and for how many days, by a clock that may be wrong. */
export function listSilent(
  seen: SeenChannels | undefined,
  nowMs: number,
): { readonly channel: string; readonly days: number }[] {
  return Object.entries(seen ?? {}).flatMap(([channel, { issued }]) => {
    const days = Math.floor((nowMs - Date.parse(issued)) / 86_400_000);
    return days >= SILENT_DAYS ? { channel, days } : [];
  });
}
