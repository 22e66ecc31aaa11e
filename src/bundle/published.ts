// A folder that updates are published in, as it is found; nothing of it counts before it is verified.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../lib/errors.ts";
import { readTextIfThere } from "../lib/files.ts";
import { nodeMath } from "../lib/signature-math.ts";
import {
  type Channel,
  type ChannelRelease,
  channelFile,
  describedIn,
  keysFile,
  parseChannel,
  releaseFile,
  signatureFiles,
} from "../release/channel.ts";
import { verifySignature } from "../release/minisign.ts";
import { joinKeys, type KeysChain, type SignedKeys } from "./keys-chain.ts";
import { KEYS_FILE, OLD_KEYS } from "./keys-folder.ts";
import { verifyRelease } from "./verify.ts";

export interface PublishedChannel {
  readonly channel: Channel;
  /** By a release's manifest_sha256: why devices wouldn't take it. */
  readonly faults: ReadonlyMap<string, readonly string[]>;
}

/** The keys of a person's folder and those that were published before; throws unless each follows from the one before. */
export function readKeysChain(keysFolder: string, folder: string): KeysChain {
  const old = join(keysFolder, OLD_KEYS);
  const own = [
    join(keysFolder, KEYS_FILE),
    ...numbersIn(old, /^(\d+)$/).map((number) => join(old, String(number), KEYS_FILE)),
  ];
  const before = numbersIn(join(folder, "keys"), /^(\d+)\.json$/).map((number) =>
    join(folder, keysFile(number)),
  );
  const chain = joinKeys(own.map(readSignedKeys), before.map(readSignedKeys));
  if ("problems" in chain)
    throw new UserError(
      `cannot publish with the keys of "${keysFolder}":\n  ${chain.problems.join("\n  ")}`,
      {
        hint: "take the folder that `keys create` made and `keys rotate` changed, with all in its old/",
      },
    );
  return chain;
}

/**
 * A channel with all its releases, held against the keys; those that counted earlier are good for its signature alone. Nothing
 * when it isn't there; throws when it can't be trusted.
 */
export async function readChannel(
  folder: string,
  name: string,
  chain: KeysChain,
): Promise<PublishedChannel | undefined> {
  const path = join(folder, channelFile(name));
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  const signature = readTextIfThere(signatureFiles(path)[0]) ?? "";
  const known = chain.links.flatMap(({ keys }) => keys.releaseKeys);
  const verdict = verifySignature(Buffer.from(text), signature, known, nodeMath);
  const channel = "refusal" in verdict ? { problem: verdict.refusal } : parseChannel(text);
  const problem = "problem" in channel ? channel.problem : nameProblem(channel, name);
  if ("problem" in channel || problem !== undefined)
    throw new UserError(`the channel "${path}" can't be built upon: ${problem}`, {
      hint: "take it and its .minisig from a good copy of the folder, or remove both and say which --number comes next",
    });
  const faults = new Map<string, string[]>();
  for (const release of channel.releases)
    faults.set(release.manifest_sha256, await releaseFaults(folder, release, chain));
  return { channel, faults };
}

function nameProblem({ channel }: Channel, name: string): string | undefined {
  return channel === name ? undefined : `it is of the channel "${channel}"`;
}

async function releaseFaults(
  folder: string,
  release: ChannelRelease,
  { current }: KeysChain,
): Promise<string[]> {
  const path = join(folder, releaseFile(release.manifest_sha256));
  const told = (reasons: readonly string[]) => reasons.map((why) => `${release.version}, ${path}: ${why}`);
  if (!existsSync(path)) return told(["it is missing"]);
  const verified = await verifyRelease(path, current);
  if ("problems" in verified) return told(verified.problems);
  const isAsSaid = isDeepStrictEqual(describedIn(verified.manifest, verified.manifestSha256), release);
  return isAsSaid ? [] : told(["it isn't what the channel says"]);
}

function readSignedKeys(path: string): SignedKeys {
  const signatures = signatureFiles(path).flatMap((file) => readTextIfThere(file) ?? []);
  try {
    return { where: path, text: readFileSync(path, "utf8"), signatures };
  } catch (error) {
    throw new UserError(`cannot read "${path}"`, {
      cause: error,
      hint: "`kubesolo-os keys create DIR` makes a folder with keys",
    });
  }
}

/** Numbers in the names of a folder, rising; none where there is no folder. */
function numbersIn(folder: string, pattern: RegExp): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}
