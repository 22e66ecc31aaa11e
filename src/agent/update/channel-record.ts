// What a box remembers of channels, so that an older one isn't taken for news. Pure.
import * as v from "valibot";
import type { Channel } from "../../release/channel.ts";

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
