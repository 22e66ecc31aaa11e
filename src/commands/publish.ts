import { Command, InvalidArgumentError } from "commander";
import * as v from "valibot";
import { prepareSigning } from "../bundle/minisign.ts";
import { publish } from "../bundle/publish.ts";
import { log } from "../lib/log.ts";
import { ChannelSchema, channelFile, DEFAULT_CHANNEL } from "../release/channel.ts";

interface Options {
  readonly channel: string;
  readonly keys: string;
  readonly remove: readonly string[];
  readonly from: readonly { channel: string; version: string }[];
  readonly allowOlder: boolean;
  readonly number?: number;
}

const NOTES = `
The folder can be served by any web server, or lie on a stick:
  channel/NAME.json     which releases there are, signed with the release key; its number grows by one each time
  releases/SHA256.tar   the bundles, each named by the sum of its release.json; one that no channel has may be deleted
  keys/NUMBER.json      every keys.json so far
What is there is verified first; all that is wrong is told at once, and then nothing is changed. The channel's files are written last.
Without a bundle the channel is issued anew, which says that there are no other news.`;

export function publishCommand(): Command {
  return new Command("publish")
    .description("put signed bundles into a folder where machines look for updates")
    .argument("<folder>", "of a web server or a stick; made when it isn't there")
    .argument("[bundle...]", "signed bundles, or folders with their files")
    .requiredOption("--keys <folder>", "of `keys create`; only its root.key isn't needed")
    .option("--channel <name>", "the channel that gets them", parseName, DEFAULT_CHANNEL)
    .option("--from <channel:version>", "take a release that another channel has", parseFrom, [])
    .option("--remove <version>", "withdraw a release from the channel", collect, [])
    .option("--allow-older", "even if the channel has later releases", false)
    .option("--number <number>", "of the channel, if the folder with the last one was lost", parseNumber)
    .addHelpText("after", NOTES)
    .action(async (folder: string, bundles: string[], options: Options) => {
      const { channel: name, keys: keysFolder, allowOlder: isOlderAllowed, ...rest } = options;
      const issued = `${new Date().toISOString().slice(0, 19)}Z`;
      const publishing = { ...rest, name, keysFolder, isOlderAllowed, bundles, issued };
      const { number, releases } = await publish(folder, publishing, await prepareSigning());
      log(`${channelFile(name)} has the number ${number} now, and these releases:`);
      for (const { version, sequence, architecture, profile, kubernetes } of releases)
        console.log(
          `${version}, sequence ${sequence}, ${architecture}, ${profile}, Kubernetes ${kubernetes}`,
        );
    });
}

/** It becomes a file's name. */
function parseName(text: string): string {
  const result = v.safeParse(ChannelSchema.entries.channel, text);
  if (result.success) return result.output;
  throw new InvalidArgumentError(`${result.issues[0].message}.`);
}

function collect(word: string, before: readonly string[]): string[] {
  return [...before, word];
}

/** "beta:1.2.3" */
function parseFrom(text: string, before: Options["from"]): Options["from"] {
  const [channel = "", version = "", ...more] = text.split(":");
  if (version === "" || more.length > 0)
    throw new InvalidArgumentError('a channel and a version, such as "beta:1.2.3".');
  return [...before, { channel: parseName(channel), version }];
}

function parseNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("a whole number from 1.");
  return Number(text);
}
