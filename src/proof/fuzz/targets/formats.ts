// Files of a release and of a site, each read by itself: nothing but a value or a refusal comes of them.
import { staleness } from "../../../agent/update/source/channel-record.ts";
import { bundleOffsets, readBundleHead } from "../../../release/bundle-head.ts";
import { parseChannel } from "../../../release/channel.ts";
import { chooseRelease } from "../../../release/channel-choice.ts";
import { type PublicKey, parsePublicKey, verifySignature } from "../../../release/minisign.ts";
import { type Box, refusals } from "../../../release/refusals.ts";
import {
  formatReleaseManifest,
  parseReleaseManifest,
  sizeOf,
  slotSums,
} from "../../../release/release-manifest.ts";
import { parseUpdateKeys, rotateKeys, type UpdateKeys } from "../../../release/update-keys.ts";
import type { ByteMath } from "../../box/memory-host.ts";
import { broken } from "../../broken.ts";
import { type FuzzTarget, first, refusedOr, type Samples, spoilAsText } from "../fuzz-target.ts";
import { spoilJson } from "../spoil/json.ts";
import { spoilTar } from "../spoil/tar.ts";
import { spoilText } from "../spoil/text.ts";

const box: Box = {
  ...{
    architecture: "amd64",
    profile: "vm",
    version: "1.0.0",
    isConfirmed: true,
    floor: 1,
    quarantine: ["1.2.0"],
  },
  ...{
    slotBytes: 2 ** 29,
    freeDataBytes: 2 ** 30,
    snapshotBytes: 2 ** 20,
    isUpdating: false,
    isOtherNext: false,
  },
};

export const releaseTarget: FuzzTarget = {
  what: "release.json",
  spoil: spoilAsText(spoilJson),
  open:
    (_samples, math) =>
    ({ content }) =>
      refusedOr(() => {
        const manifest = parseReleaseManifest(math.decodeUtf8(content));
        if ("problems" in manifest)
          return manifest.problems.length === 0 ? broken("a refusal has a reason") : "refused";
        const again = parseReleaseManifest(formatReleaseManifest(manifest));
        if (JSON.stringify(again) !== JSON.stringify(manifest)) broken("what is written is read again");
        if (slotSums(manifest).split("\n").length !== 4) broken("three files have sums");
        return `${sizeOf(manifest)} ${refusals(manifest, box).length}`;
      }),
};

export const minisignTarget: FuzzTarget = {
  what: "signatures and public keys in minisign's format",
  spoil: spoilAsText(spoilText),
  open(samples, math) {
    const [message, keys, signature] = [
      first(samples, "message"),
      keysIn(samples, math),
      first(samples, "minisig"),
    ];
    const good = verifySignature(message, math.decodeUtf8(signature), keys, math);
    if ("refusal" in good) throw new Error(good.refusal);
    return ({ file, content }) =>
      refusedOr(() => {
        const text = file === "message" ? "" : math.decodeUtf8(content);
        if (file === "pub") return parsePublicKey(text, math)?.id ?? "refused";
        const verdict =
          file === "message"
            ? verifySignature(content, math.decodeUtf8(signature), keys, math)
            : verifySignature(message, text, keys, math);
        if ("refusal" in verdict) return "refused";
        if (file === "message" && !isSame(content, message)) broken("another message isn't signed");
        if (verdict.trustedComment !== good.trustedComment) broken("another comment isn't signed");
        return "signed";
      });
  },
};

export const keysTarget: FuzzTarget = {
  what: "keys.json, and the next one with its signatures",
  spoil: spoilAsText(spoilJson),
  open(samples, math) {
    const current = keysOf(math.decodeUtf8(first(samples, "keys.json")), math);
    const next = first(samples, "next.json");
    const signatures = (samples["minisig"] ?? []).map((each) => math.decodeUtf8(each));
    return ({ file, content }) =>
      refusedOr(() => {
        const text = math.decodeUtf8(content);
        if (file === "keys.json") {
          const parsed = parseUpdateKeys(text, math);
          return "refusal" in parsed ? "refused" : `${parsed.keys.number} ${parsed.keys.rootKeys.length}`;
        }
        const bytes = file === "next.json" ? content : next;
        const signed = file === "minisig" ? [text, ...signatures.slice(1)] : signatures;
        const verdict = rotateKeys(
          current,
          { bytes, text: math.decodeUtf8(bytes), signatures: signed },
          math,
        );
        if ("refusal" in verdict) return "refused";
        if (!isSame(bytes, next)) broken("other keys aren't signed");
        return "rotated";
      });
  },
};

export const channelTarget: FuzzTarget = {
  what: "a channel",
  spoil: spoilAsText(spoilJson),
  open:
    (_samples, math) =>
    ({ content }) =>
      refusedOr(() => {
        const channel = parseChannel(math.decodeUtf8(content));
        if ("problem" in channel) return "refused";
        const choice = chooseRelease(channel, box);
        const stale = staleness(channel, 1, { number: 3, issued: "2026-01-01T00:00:00Z", keys: 1 });
        if ("release" in choice && choice.release.sequence <= box.floor) broken("nothing older is chosen");
        const what = "release" in choice ? choice.release.version : Object.keys(choice).join();
        return `${channel.number} ${what} ${stale === undefined}`;
      }),
};

export const bundleTarget: FuzzTarget = {
  what: "a bundle's beginning: its tar headers, release.json and the signature",
  spoil: spoilTar,
  open:
    (_samples, math) =>
    ({ content }) =>
      refusedOr(() => {
        const head = readBundleHead(content);
        if ("refusal" in head) return "refused";
        const manifest = parseReleaseManifest(math.decodeUtf8(head.manifest));
        if ("problems" in manifest) return "refused";
        const offsets = [...bundleOffsets(manifest, head.endBytes).values()];
        if (offsets.some((offset) => offset % 512 !== 0 || offset < head.endBytes))
          broken("files lie behind the head");
        return offsets.join(" ");
      }),
};

function keysIn(samples: Samples, math: ByteMath): PublicKey[] {
  return (samples["pub"] ?? []).flatMap((each) => parsePublicKey(math.decodeUtf8(each), math) ?? []);
}

function keysOf(text: string, math: ByteMath): UpdateKeys {
  const parsed = parseUpdateKeys(text, math);
  if ("refusal" in parsed) throw new Error(parsed.refusal);
  return parsed.keys;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
