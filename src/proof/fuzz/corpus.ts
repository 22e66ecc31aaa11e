// The valid files that fuzzing begins with: made here, since the device can't sign. The same bytes each time.
import { runAgent } from "../../agent/main.ts";
import { formatBlock } from "../../release/boot-state.ts";
import { channelFile, describedIn, keysFile, releaseFile, signatureFiles } from "../../release/channel.ts";
import { PRODUCT } from "../../release/release-manifest.ts";
import { type Box, hostOf, put, switchOn } from "../box/box.ts";
import { nodeByteMath as math } from "../node-math.ts";
import type { Samples } from "./fuzz-target.ts";
import { makeSampleRelease } from "./sample-release.ts";
import { configuredUserData, kernelWordsSamples, textSamples } from "./sample-texts.ts";
import { makeFixedSigner } from "./signer.ts";
import { openBox } from "./targets/commands.ts";
import type { FuzzTargetName } from "./targets/targets.ts";

const [root, release, nextRoot] = [1, 2, 3].map(makeFixedSigner) as [Signer, Signer, Signer];
type Signer = ReturnType<typeof makeFixedSigner>;

const installed = makeSampleRelease("1.0.0", release);
const newer = makeSampleRelease("1.1.0", release);
const large = makeSampleRelease("2.0.0", release, {
  sequence: 9,
  notes: "n".repeat(800),
  kubernetes: "v1.38.0",
});
const older = makeSampleRelease("0.9.0", release, { sequence: 1, min_compatible_version: "0.1.0" });

const keysText = (number: number, roots: readonly Signer[]) =>
  `${JSON.stringify({ number, threshold: 1, root_keys: roots.map(({ line }) => line), release_keys: [release.line] }, undefined, 2)}\n`;
const keys = keysText(1, [root]);
const nextKeys = keysText(2, [nextRoot, root]);

const channelText = `${JSON.stringify(
  {
    ...{ product: PRODUCT, channel: "stable", number: 4, issued: "2026-11-29T19:00:00Z" },
    releases: [newer, older, large].map(({ manifest, sum }) => describedIn(manifest, sum)),
  },
  undefined,
  2,
)}\n`;

/** By the target's name. */
export function makeCorpus(): Readonly<Record<FuzzTargetName, Samples>> {
  const texts = (...all: readonly string[]) => all.map((text) => math.encodeUtf8(text));
  const packed = texts(packBox());
  const states = [
    ...([3, 2, 1, 0] as const).map((trial) => ({ trial, reason: "activated" as const })),
    { reason: "confirmed" as const },
  ];
  return {
    "boot-state": {
      block: states.map((each, index) =>
        formatBlock({ generation: 6 + index, activeSlot: "B", floor: 12, ...each }),
      ),
    },
    "kernel-words": { cmdline: texts(...kernelWordsSamples) },
    release: {
      "release.json": texts(...[newer, large, older].map(({ files }) => files["release.json"] ?? "")),
    },
    minisign: {
      message: texts("a message\n"),
      minisig: texts(release.sign("a message\n")),
      pub: texts(`untrusted comment: a key\n${release.line}\n`, root.line, release.line),
    },
    keys: {
      "keys.json": texts(keys),
      "next.json": texts(nextKeys),
      minisig: texts(root.sign(nextKeys), nextRoot.sign(nextKeys)),
    },
    channel: { "stable.json": texts(channelText) },
    bundle: { "bundle.tar": [newer.bundle, large.bundle] },
    texts: Object.fromEntries(Object.entries(textSamples).map(([name, all]) => [name, texts(...all)])),
    apply: { box: packed, "/bundle.tar": [newer.bundle] },
    site: { box: packed, ...site() },
    books: { box: packed, ...remembered() },
  };
}

/** A site at /srv. */
function site(): Samples {
  const channel = `/srv/${channelFile("stable")}`;
  const next = `/srv/${keysFile(2)}`;
  const [bySigner, byNext] = signatureFiles(next);
  const files: Readonly<Record<string, Uint8Array | string>> = {
    [channel]: channelText,
    [signatureFiles(channel)[0]]: release.sign(channelText),
    [next]: nextKeys,
    [bySigner]: root.sign(nextKeys),
    [byNext]: nextRoot.sign(nextKeys),
    ...Object.fromEntries([newer, large].map(({ sum, bundle }) => [`/srv/${releaseFile(sum)}`, bundle])),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      [typeof text === "string" ? math.encodeUtf8(text) : text],
    ]),
  );
}

const boxFiles: Readonly<Record<string, string | Uint8Array>> = {
  ...installed.slot,
  keys,
  "/good.tar": newer.bundle,
  "/usr/lib/kubesolo-os/cloud-init/user-data": configuredUserData(release.line),
  "/sys/class/net/eth0/device/uevent": "DRIVER=virtio_net\n",
  "/sys/class/net/eth0/device/modalias": "virtio:d00000001v00001AF4\n",
  "/sys/class/net/eth0/ifindex": "2\n",
  "/sys/class/net/eth0/address": "52:54:00:12:34:56\n",
  "/sys/class/net/eth0/mtu": "1500\n",
  "/sys/class/net/eth0/carrier": "1\n",
  "/proc/net/route": `Iface\tDestination\tGateway\n${["eth0", "00000000", "0100000A", "0003", 0, 0, 100, "00000000"].join("\t")}\n`,
  "/usr/share/zoneinfo/Europe/Berlin": "TZif",
  "/usr/share/ca-certificates/ca-certificates.crt": "SYSTEM\n",
};

function boxSamples(): Samples {
  return Object.fromEntries(
    Object.entries(boxFiles).map(([name, content]) => [
      name,
      [typeof content === "string" ? math.encodeUtf8(content) : content],
    ]),
  );
}

function packBox(): string {
  const entries = Object.entries(boxSamples()).map(([name, [content = new Uint8Array()]]) => [
    name,
    math.encodeBase64(content),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** What a box has noted after a life of its own, as the agent wrote it. */
function remembered(): Samples {
  const box = openBox(boxSamples(), math);
  const run = (...args: readonly string[]) => runAgent(hostOf(box), args, "1.0.0");
  run("boot");
  run("network", "guard");
  run("node");
  for (const [name, [content]] of Object.entries(site())) if (content !== undefined) put(box, name, content);
  run("update", "--scheduled");
  run("apply", "/nothing.tar");
  run("update", "/srv/");
  switchOn(box);
  run("trial", "prepare");
  box.isHealthy = false;
  run("trial", "watch");
  for (let boots = 0; boots < 4; boots++) switchOn(box);
  box.isHealthy = true;
  run("trial", "prepare");
  run("trial", "watch");
  run("boot");
  run("network", "guard");
  run("online");
  run("apply", "--again", "/good.tar");
  run("update", "--scheduled");
  return Object.fromEntries(jsonFiles(box));
}

function jsonFiles({ files }: Box): [string, Uint8Array[]][] {
  return [...files].flatMap(([name, entry]): [string, Uint8Array[]][] => {
    const isOurs = /^\/(data\/update|etc\/kubesolo|run\/kubesolo-os)\/.*\.json$/.test(name);
    return isOurs && entry.kind === "file" ? [[name, [entry.content]]] : [];
  });
}
