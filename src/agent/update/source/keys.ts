// Whose signatures count here: the keys of the image, those that took their place, and the configuration's.
import * as v from "valibot";
import { keysFile, signatureFiles } from "../../../release/channel.ts";
import { type PublicKey, parsePublicKey } from "../../../release/minisign.ts";
import { MANIFEST_MAX_BYTES } from "../../../release/release-manifest.ts";
import { parseUpdateKeys, rotateKeys, type UpdateKeys } from "../../../release/update-keys.ts";
import { readIfThere } from "../../expected.ts";
import type { Bytes, Host } from "../../host.ts";
import { readJson } from "../../json.ts";
import { places } from "../../places.ts";
import { UpdateFailure } from "../failure.ts";
import { configuredKeys } from "./configured-keys.ts";

export interface CountingKeys {
  /** Of keys.json; 0 when the image has none. */
  readonly number: number;
  readonly releaseKeys: readonly PublicKey[];
}

/** One keys.json with its signatures. */
interface KeysText {
  readonly bytes: Bytes;
  readonly signatures: readonly string[];
}

/** A device can have missed so many; no folder has it look for ever. */
const MAX_STEPS = 100;

export function readUpdateKeys(host: Host): CountingKeys {
  const own = readOwnKeys(host);
  const configured = configuredKeys(host).flatMap((line) => parsePublicKey(line, host) ?? []);
  if (own === undefined && configured.length === 0)
    throw new UpdateFailure(
      "this image takes no updates: it was built without keys",
      "build images with --update-keys, or name keys in the node's first configuration; docs/updates.md says how",
    );
  return { number: own?.number ?? 0, releaseKeys: [...(own?.releaseKeys ?? []), ...configured] };
}

/** `read`: a file of a folder of releases; undefined when it isn't there. Keeps what follows on the keys that count. */
export function fetchKeys(host: Host, read: (file: string) => Bytes | undefined): void {
  let keys = readOwnKeys(host);
  for (let steps = 0; keys !== undefined && steps < MAX_STEPS; steps++) {
    const file = keysFile(keys.number + 1);
    const bytes = read(file);
    if (bytes === undefined) return;
    const signatures = signatureFiles(file).flatMap((name) => {
      const signature = read(name);
      return signature === undefined ? [] : [host.decodeUtf8(signature)];
    });
    const verdict = follow(host, keys, { bytes, signatures });
    if ("refusal" in verdict) {
      host.print("stderr", `${file}: ${verdict.refusal}; the keys stay as they are`);
      return;
    }
    keep(host, verdict.keys.number, { bytes, signatures });
    host.print("stderr", `updates are signed by the keys of number ${verdict.keys.number} from now on`);
    keys = verdict.keys;
  }
}

/**
 * The image's, and what follows on them on the data partition. Each step is verified each time: whoever can write there makes
 * no keys.
 */
function readOwnKeys(host: Host): UpdateKeys | undefined {
  const text = readIfThere(host, places.updateKeys, MANIFEST_MAX_BYTES);
  if (text === undefined) return undefined;
  const image = parseUpdateKeys(text, host);
  if ("refusal" in image) throw new UpdateFailure(`the image's ${image.refusal}`);
  let { keys } = image;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const kept = readKept(host, keys.number + 1);
    if (kept === undefined) break;
    const verdict = follow(host, keys, { ...kept, bytes: host.encodeUtf8(kept.text) });
    if ("refusal" in verdict) break;
    keys = verdict.keys;
  }
  return keys;
}

function follow(host: Host, keys: UpdateKeys, { bytes, signatures }: KeysText) {
  return rotateKeys(keys, { bytes, text: host.decodeUtf8(bytes), signatures }, host);
}

const Kept = v.object({ text: v.string(), signatures: v.array(v.string()) });

const keptFile = (number: number) => `${places.laterKeys}/${number}.json`;

function readKept(host: Host, number: number): v.InferOutput<typeof Kept> | undefined {
  return readJson(host, keptFile(number), 4 * MANIFEST_MAX_BYTES, Kept);
}

/** The file and its signatures in one: both or neither. */
function keep(host: Host, number: number, { bytes, signatures }: KeysText): void {
  host.writeFile(keptFile(number), JSON.stringify({ text: host.decodeUtf8(bytes), signatures }));
}
