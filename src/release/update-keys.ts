// keys.json: whose signatures count. Root keys stay offline and sign only the next keys.json; release keys sign releases and
// channels. As TUF's root role: a new file is taken when enough root keys of the old one and of its own have signed it, so
// a thief of a release key can't make new keys. Pure.
import * as v from "valibot";
import { type PublicKey, parsePublicKey, type SignatureMath, verifySignature } from "./minisign.ts";

const KeyLine = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{56}$/, "not a minisign public key's line"));

export const UpdateKeysSchema = v.pipe(
  v.strictObject({
    /** Grows by one with each file. */
    number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999_999_999)),
    /** How many root keys have to sign the next file. */
    threshold: v.pipe(v.number(), v.integer(), v.minValue(1)),
    root_keys: v.pipe(v.array(KeyLine), v.minLength(1), v.maxLength(20)),
    release_keys: v.pipe(v.array(KeyLine), v.minLength(1), v.maxLength(20)),
  }),
  v.check(
    ({ threshold, root_keys }) => threshold <= new Set(root_keys).size,
    "a threshold of more keys than there are",
  ),
);

export interface UpdateKeys {
  readonly number: number;
  readonly threshold: number;
  readonly rootKeys: readonly PublicKey[];
  readonly releaseKeys: readonly PublicKey[];
}

export type KeysVerdict = { readonly keys: UpdateKeys } | { readonly refusal: string };

/** Reads keys.json, whoever signed it: that of the image is trusted as the image is. */
export function parseUpdateKeys(text: string, math: SignatureMath): KeysVerdict {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { refusal: "keys.json is no JSON" };
  }
  const result = v.safeParse(UpdateKeysSchema, json);
  if (!result.success) {
    const [issue] = result.issues;
    return { refusal: `keys.json, ${v.getDotPath(issue) ?? "as a whole"}: ${issue.message}` };
  }
  const { number, threshold, root_keys, release_keys } = result.output;
  const [rootKeys, releaseKeys] = [root_keys, release_keys].map((lines) =>
    lines.flatMap((line) => parsePublicKey(line, math) ?? []),
  );
  if (rootKeys?.length !== root_keys.length || releaseKeys?.length !== release_keys.length)
    return { refusal: "keys.json: a key in it is no Ed25519 key" };
  return { keys: { number, threshold, rootKeys, releaseKeys } };
}

/**
 * The keys after a new keys.json, which one signature file or several go with.
 * @param bytes the file as it was signed, and `text` as it reads
 */
export function rotateKeys(
  current: UpdateKeys,
  { bytes, text, signatures }: { bytes: Uint8Array; text: string; signatures: readonly string[] },
  math: SignatureMath,
): KeysVerdict {
  const next = parseUpdateKeys(text, math);
  if ("refusal" in next) return next;
  const { keys } = next;
  if (keys.number !== current.number + 1)
    return { refusal: `keys.json has the number ${keys.number}, and ${current.number + 1} is the next one` };
  const signers = (of: UpdateKeys) => countSigners(of.rootKeys, bytes, signatures, math);
  for (const [of, which] of [
    [current, "those that count now"],
    [keys, "its own"],
  ] as const) {
    const count = signers(of);
    if (count < of.threshold)
      return {
        refusal: `keys.json is signed by ${count} root keys of ${which}, and ${of.threshold} are needed`,
      };
  }
  return next;
}

/** Each key counts once, however often it signed, and however often it is listed. */
function countSigners(
  keys: readonly PublicKey[],
  bytes: Uint8Array,
  signatures: readonly string[],
  math: SignatureMath,
): number {
  const different = keys.filter((key, index) => keys.findIndex((other) => isSameKey(key, other)) === index);
  return different.filter((key) =>
    signatures.some((signature) => "keyId" in verifySignature(bytes, signature, [key], math)),
  ).length;
}

function isSameKey(one: PublicKey, other: PublicKey): boolean {
  return one.key.every((byte, index) => byte === other.key[index]);
}
