// Keys of updates and what they sign, always the same ones: Ed25519 signs the same in the same way. For proofs, not for releases.
import { createPrivateKey, createPublicKey, sign } from "node:crypto";

export interface Signer {
  /** As in keys.json. */
  readonly line: string;
  /** A file in minisign's format, of the message itself. */
  sign(message: Uint8Array | string): string;
}

/** keys.json by which this one's releases count. */
export function keysOf({ line }: Signer): string {
  return JSON.stringify({ number: 1, threshold: 1, root_keys: [line], release_keys: [line] });
}

/** RFC 8410, 7: what stands before the 32 bytes of a private key in PKCS #8. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** `number`: from 1 to 255. */
export function makeFixedSigner(number: number): Signer {
  const secret = Buffer.concat([PKCS8_HEAD, Buffer.alloc(32, number)]);
  const key = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
  const raw = Buffer.from(createPublicKey(key).export({ format: "jwk" }).x ?? "", "base64url");
  const head = Buffer.concat([Buffer.from("Ed"), Buffer.alloc(8, number)]);
  const comment = "for proofs";
  return {
    line: Buffer.concat([head, raw]).toString("base64"),
    sign(message) {
      const signature = sign(null, Buffer.from(message), key);
      const global = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key);
      return [
        "untrusted comment: signature",
        Buffer.concat([head, signature]).toString("base64"),
        `trusted comment: ${comment}`,
        `${global.toString("base64")}\n`,
      ].join("\n");
    },
  };
}
