// For tests: a folder of releases with channels, as `kubesolo-os publish` makes one.

import { sha256 } from "../../../src/lib/files.ts";
import {
  type Channel,
  channelFile,
  describedIn,
  keysFile,
  releaseFile,
  signatureFiles,
} from "../../../src/release/channel.ts";
import type { ReleaseManifest } from "../../../src/release/release-manifest.ts";
import type { Signer } from "../../update-signer.ts";
import { bundleOf, makeRelease, signer } from "./updatable-device.ts";

type Files = Record<string, string | Uint8Array>;

export interface Published {
  readonly version: string;
  readonly changed?: Partial<ReleaseManifest>;
}

/** The files of a channel and its releases, by their path below `folder`. */
export function publishedFiles(
  releases: readonly Published[],
  { folder = "/srv", by = signer, ...changed }: Partial<Channel> & { folder?: string; by?: Signer } = {},
): Files {
  const made = releases.map(({ version, changed: of }) => makeRelease(version, of, by));
  const sums = made.map(({ files }) => sha256(files["release.json"]));
  const channel: Channel = {
    ...{ product: "kubesolo-os", channel: "stable", number: 1, issued: "2026-11-29T19:00:00Z" },
    releases: made.map(({ manifest }, index) => describedIn(manifest, sums[index] ?? "")),
    ...changed,
  };
  const file = `${folder}/${channelFile(channel.channel)}`;
  const text = JSON.stringify(channel);
  return {
    [file]: text,
    [signatureFiles(file)[0]]: by.sign(text),
    ...Object.fromEntries(
      made.map(({ files }, index) => [`${folder}/${releaseFile(sums[index] ?? "")}`, bundleOf(files)]),
    ),
  };
}

export interface KeysOf {
  readonly number: number;
  readonly roots: readonly Signer[];
  readonly release: Signer;
  readonly signedBy: readonly [Signer, Signer?];
}

/** A keys.json with its signatures. */
export function keysFiles({ number, roots, release, signedBy }: KeysOf, folder = "/srv"): Files {
  const text = JSON.stringify({
    number,
    threshold: 1,
    root_keys: roots.map(({ line }) => line),
    release_keys: [release.line],
  });
  const file = `${folder}/${keysFile(number)}`;
  const signatures = signatureFiles(file).flatMap((name, index) => {
    const by = signedBy[index];
    return by === undefined ? [] : [[name, by.sign(text)] as const];
  });
  return { [file]: text, ...Object.fromEntries(signatures) };
}
