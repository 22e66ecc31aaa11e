// Signatures in minisign's format (jedisct1.github.io/minisign, "Signature format"): legacy ones of the message, and those of its
// BLAKE2b-512. Both have a second signature over the trusted comment. Pure; the mathematics are the caller's.

export interface SignatureMath {
  decodeBase64(text: string): Uint8Array;
  encodeUtf8(text: string): Uint8Array;
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  blake2b512(message: Uint8Array): Uint8Array;
}

export interface PublicKey {
  /** Of 16 hexadecimal digits, as minisign prints it. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export type Verdict =
  | { readonly keyId: string; readonly trustedComment: string }
  | { readonly refusal: string };

const SIGNATURE_FILE_MAX = 16_384;
const ED25519 = "Ed";
const ED25519_PREHASHED = "ED";

/** Reads a public key: the file, or its second line alone, as people copy it. */
export function parsePublicKey(text: string, math: SignatureMath): PublicKey | undefined {
  const line = text.trim().split(/\r?\n/).at(-1) ?? "";
  const bytes = decode(line, math);
  if (bytes?.length !== 42 || algorithmOf(bytes) !== ED25519) return undefined;
  return { id: idOf(bytes), key: bytes.slice(10) };
}

/** Whether one of these keys signed the message; a refusal says what is wrong with the signature. */
export function verifySignature(
  message: Uint8Array,
  signatureFile: string,
  keys: readonly PublicKey[],
  math: SignatureMath,
): Verdict {
  if (signatureFile.length > SIGNATURE_FILE_MAX)
    return { refusal: "the signature is no minisign signature: too long" };
  const [untrusted = "", first = "", trusted = "", second = ""] = signatureFile.split(/\r?\n/);
  const signature = decode(first, math);
  const global = decode(second, math);
  const trustedComment = trusted.slice(TRUSTED.length);
  const isWhole = untrusted.startsWith("untrusted comment:") && trusted.startsWith(TRUSTED);
  if (!isWhole || signature?.length !== 74 || global?.length !== 64)
    return { refusal: "the signature is no minisign signature" };
  const algorithm = algorithmOf(signature);
  if (algorithm !== ED25519 && algorithm !== ED25519_PREHASHED)
    return { refusal: `the signature has an unknown algorithm "${printable(algorithm)}"` };
  const keyId = idOf(signature);
  // Two keys may have one id: whoever makes a key chooses it.
  const candidates = keys.filter(({ id }) => id === keyId);
  if (candidates.length === 0) return { refusal: `it is signed by the key ${keyId}, which isn't known here` };
  const signed = algorithm === ED25519 ? message : math.blake2b512(message);
  const bytes = signature.slice(10);
  const key = candidates.find((each) => math.verifyEd25519(each.key, signed, bytes));
  if (key === undefined) return { refusal: `the signature of the key ${keyId} is of other contents` };
  const commented = joinBytes(bytes, math.encodeUtf8(trustedComment));
  if (!math.verifyEd25519(key.key, commented, global))
    return { refusal: "the signature's trusted comment has been changed" };
  return { keyId, trustedComment: printable(trustedComment) };
}

const TRUSTED = "trusted comment: ";

/** Only what base64 has: decoders differ in what they forgive. */
function decode(line: string, math: SignatureMath): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(line) && line.length % 4 === 0 ? math.decodeBase64(line) : undefined;
}

function algorithmOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.slice(0, 2));
}

/** minisign prints the eight bytes as a number, the last one first. */
function idOf(bytes: Uint8Array): string {
  const digits = [...bytes.slice(2, 10)].reverse().map((byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").toUpperCase();
}

/** What may be shown on a terminal, whoever wrote it. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
