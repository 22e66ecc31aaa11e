// Public keys of SSH.
import * as v from "valibot";
import { once } from "../../once.ts";
import { oneOrMany } from "./kinds.ts";

const KEY = 'a public key such as "ssh-ed25519 AAAA… me@example.com"';
const KEY_TYPES =
  "(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com)";
const publicKeyForm = once(
  () =>
    new RegExp(
      `^(?:\\S.*\\s)?${KEY_TYPES}(?:-cert-v01@openssh\\.com)?\\s+[A-Za-z0-9+/]{16,}={0,3}(?:\\s.*)?$`,
    ),
);
/** One that nobody could log in with is left out, as SSH does it. */
export const publicKey = once(() =>
  v.pipe(
    v.string(KEY),
    v.check((value) => !/PRIVATE KEY/.test(value), "a public key, never a private one"),
    v.transform((value) => value.trim()),
  ),
);
export const publicKeys = once(() => oneOrMany(publicKey(), "a list of public keys"));

/** Options may stand before the type. */
export function isPublicKey(text: string): boolean {
  return publicKeyForm().test(text);
}
