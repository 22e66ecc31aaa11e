// Asks a channel what there is for this box, and remembers what it said.

import { SIGNATURE_MAX_BYTES } from "../../../release/bundle.ts";
import {
  CHANNEL_MAX_BYTES,
  type Channel,
  type ChannelRelease,
  channelFile,
  DEFAULT_CHANNEL,
  parseChannel,
  signatureFiles,
} from "../../../release/channel.ts";
import { chooseRelease } from "../../../release/channel-choice.ts";
import { verifySignature } from "../../../release/minisign.ts";
import type { Box, Insistence } from "../../../release/refusals.ts";
import type { Bytes, Host } from "../../host.ts";
import { readBooks, writeBooks } from "../books.ts";
import { UpdateFailure } from "../failure.ts";
import { type SeenChannel, staleness } from "./channel-record.ts";
import { readUpdateKeys } from "./keys.ts";

/** What is looked for in a folder with channels. */
export interface Wanted {
  /** A name; "stable" when the configuration has none. */
  readonly channel?: string;
  readonly box: Box;
  readonly insistence: Insistence;
}

/** Reads a file of the folder; undefined when it isn't there. */
type Read = (file: string, maxBytes: number) => Bytes | undefined;

/** The release to take, or that there is none. Undefined: the folder has no such channel. Throws when none of the newer can be taken. */
export function askChannel(
  host: Host,
  folder: string,
  read: Read,
  { channel: name = DEFAULT_CHANNEL, box, insistence }: Wanted,
): ChannelRelease | { readonly upToDate: string } | undefined {
  const bytes = read(channelFile(name), CHANNEL_MAX_BYTES);
  if (bytes === undefined) return undefined;
  const origin = `${folder}/${channelFile(name)}`;
  const { channel, keys } = readChannel(host, { name, origin, bytes }, read);
  const choice = chooseRelease(channel, box, insistence);
  const seen: SeenChannel = {
    ...{ number: channel.number, issued: channel.issued, keys },
    ...("release" in choice && {
      available: { version: choice.release.version, sequence: choice.release.sequence },
    }),
  };
  remember(host, name, seen);
  if ("release" in choice) return choice.release;
  if ("problems" in choice)
    throw new UpdateFailure(
      [
        `nothing that channel ${name} has can be installed here:`,
        ...choice.problems.map((each) => `  ${each}`),
      ].join("\n"),
    );
  const { newest } = choice;
  const has = newest === undefined ? "nothing for this machine" : `nothing newer than ${newest.version}`;
  return { upToDate: `channel ${name}, number ${channel.number} of ${channel.issued}, has ${has}` };
}

/** Nothing of it is read before its signature holds. */
function readChannel(
  host: Host,
  { name, origin, bytes }: { name: string; origin: string; bytes: Bytes },
  read: Read,
): { channel: Channel; keys: number } {
  const [signatureFile] = signatureFiles(channelFile(name));
  const signature = read(signatureFile, SIGNATURE_MAX_BYTES);
  if (signature === undefined)
    throw new UpdateFailure(`${origin} isn't signed: there is no ${signatureFile}`);
  const { number: keys, releaseKeys } = readUpdateKeys(host);
  const verdict = verifySignature(bytes, host.decodeUtf8(signature), releaseKeys, host);
  if ("refusal" in verdict) throw new UpdateFailure(`${origin}: ${verdict.refusal}`);
  const channel = parseChannel(host.decodeUtf8(bytes));
  if ("problem" in channel) throw new UpdateFailure(`${origin}: ${channel.problem}`);
  // A channel for tests mustn't pass for the other one.
  if (channel.channel !== name) throw new UpdateFailure(`${origin} is the channel ${channel.channel}`);
  const stale = staleness(channel, keys, readBooks(host).channels?.[name]);
  if (stale !== undefined) throw new UpdateFailure(`${origin}: ${stale}`);
  return { channel, keys };
}

/** Only what is new: a box that asks each hour doesn't wear its disk. */
function remember(host: Host, name: string, seen: SeenChannel): void {
  const books = readBooks(host);
  if (JSON.stringify(books.channels?.[name]) === JSON.stringify(seen)) return;
  writeBooks(host, { ...books, channels: { ...books.channels, [name]: seen } });
}
