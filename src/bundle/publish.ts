// Puts releases into a folder that any web server can serve, or a stick: bundles by their digest, the keys, and channels that
// say which releases there are.
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { replaceFile } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { log } from "../lib/log.ts";
import { nodeMath } from "../lib/signature-math.ts";
import {
  type Channel,
  type ChannelRelease,
  channelFile,
  describedIn,
  keysFile,
  releaseFile,
  signatureFiles,
} from "../release/channel.ts";
import { verifySignature } from "../release/minisign.ts";
import { type ChannelChange, planChannel } from "./channel-plan.ts";
import type { KeysChain } from "./keys-chain.ts";
import { KEYS_FILE } from "./keys-folder.ts";
import { signBytes } from "./minisign.ts";
import { type PublishedChannel, readChannel, readKeysChain } from "./published.ts";
import { readRelease } from "./release.ts";
import { writeBundle } from "./sign.ts";
import { verifyRelease } from "./verify.ts";

export interface Publishing extends Omit<ChannelChange, "add"> {
  /** Host paths: signed bundles, or folders with their files. */
  readonly bundles: readonly string[];
  /** Releases that another channel of the folder has: of all architectures and profiles. */
  readonly from: readonly { readonly channel: string; readonly version: string }[];
  /** As `keys create` makes it; a host path. */
  readonly keysFolder: string;
}

/** Changes the host folder, which needn't be there; throws with all reasons against it before anything is written. */
export async function publish(folder: string, publishing: Publishing, tools: Tools): Promise<Channel> {
  const { name, bundles, from, keysFolder } = publishing;
  const chain = readKeysChain(keysFolder, folder);
  const [first] = chain.links;
  if (first !== undefined && first.keys.number > 1)
    log(`devices with keys before ${first.keys.number} can't follow: those aren't here`);
  const present = await readChannel(folder, name, chain);
  const given = await Promise.all(bundles.map((path) => readGiven(path, chain)));
  const taken = await Promise.all(from.map((each) => readFrom(folder, each, chain)));
  const add = [...given, ...taken].flatMap(({ releases }) => releases);
  const plan = planChannel(present?.channel, { ...publishing, add });
  const problems = [
    ...[...given, ...taken].flatMap(({ problems }) => problems),
    ...("problems" in plan ? plan.problems : keptFaults(plan.channel, present, given)),
  ];
  if (problems.length > 0 || "problems" in plan)
    throw new UserError(`cannot publish in the channel "${name}":\n  ${problems.join("\n  ")}`);
  const { channel, text } = plan;
  const signature = await signChannel(channel, text, { keysFolder, chain }, tools);

  for (const [index, path] of bundles.entries()) {
    const sum = given[index]?.releases[0]?.manifest_sha256 ?? "";
    await copyBundle(path, join(folder, releaseFile(sum)), tools);
  }
  for (const link of chain.links) writeSigned(join(folder, keysFile(link.keys.number)), link);
  // Last: whoever sees it finds all that it speaks of.
  writeSigned(join(folder, channelFile(name)), { text, signatures: [signature] });
  return channel;
}

interface Candidates {
  readonly releases: readonly ChannelRelease[];
  readonly problems: readonly string[];
}

async function readGiven(path: string, { current }: KeysChain): Promise<Candidates> {
  const verified = await verifyRelease(path, current);
  return "problems" in verified
    ? { releases: [], problems: verified.problems.map((why) => `${path}: ${why}`) }
    : { releases: [describedIn(verified.manifest, verified.manifestSha256)], problems: [] };
}

async function readFrom(
  folder: string,
  { channel: name, version }: Publishing["from"][number],
  chain: KeysChain,
): Promise<Candidates> {
  const other = await readChannel(folder, name, chain);
  const releases = other?.channel.releases.filter((release) => release.version === version) ?? [];
  return releases.length === 0
    ? { releases, problems: [`the channel "${name}" has no release ${version}`] }
    : { releases, problems: releases.flatMap((each) => other?.faults.get(each.manifest_sha256) ?? []) };
}

/** What is wrong with those that stay: neither removed, nor published anew. */
function keptFaults(
  after: Channel,
  present: PublishedChannel | undefined,
  given: readonly Candidates[],
): string[] {
  const anew = given.flatMap(({ releases }) => releases.map((release) => release.manifest_sha256));
  return after.releases
    .filter((release) => !anew.includes(release.manifest_sha256))
    .flatMap((release) => present?.faults.get(release.manifest_sha256) ?? []);
}

/** As a device will judge it. */
async function signChannel(
  { channel: name, number }: Channel,
  text: string,
  { keysFolder, chain }: { keysFolder: string; chain: KeysChain },
  tools: Tools,
): Promise<string> {
  const bytes = Buffer.from(text);
  const secret = join(keysFolder, "release.key");
  const comment = `kubesolo-os channel ${name} number ${number}`;
  const signature = await signBytes(bytes, { secret, comment }, tools);
  const verdict = verifySignature(bytes, signature, chain.current.releaseKeys, nodeMath);
  if ("keyId" in verdict) return signature;
  throw new UserError(`no device would take what "${secret}" signs: ${verdict.refusal}`, {
    hint: `"${join(keysFolder, KEYS_FILE)}" has the keys that count: put the release.key there that belongs to it`,
  });
}

async function copyBundle(path: string, target: string, tools: Tools): Promise<void> {
  const { members, signature } = await readRelease(path);
  await writeBundle(members, signature ?? "", target, tools.epoch);
}

/** The signatures first: a device that comes in between is told that they aren't of it, and asks again. */
function writeSigned(
  path: string,
  { text, signatures }: { text: string; signatures: readonly string[] },
): void {
  signatures.forEach((signature, index) => {
    replaceFile(signatureFiles(path)[index] ?? "", signature);
  });
  replaceFile(path, text);
}
