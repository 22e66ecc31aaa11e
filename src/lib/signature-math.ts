// Node's mathematics for src/release/minisign.ts, whose SignatureMath they are; the device has those of its Host.
import { createHash, createPublicKey, verify } from "node:crypto";

export const nodeMath = {
  encodeUtf8: (text: string): Uint8Array => Buffer.from(text),
  decodeBase64: (text: string): Uint8Array => Buffer.from(text, "base64"),
  blake2b512: (message: Uint8Array): Uint8Array => createHash("blake2b512").update(message).digest(),
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const x = Buffer.from(publicKey).toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, message, key, signature);
  },
};
