// Node's mathematics for src/release/minisign.ts; the device has those of its Host.
import { createHash, createPublicKey, verify } from "node:crypto";
import type { SignatureMath } from "../src/release/minisign.ts";

export const nodeMath: SignatureMath = {
  encodeUtf8: (text) => Buffer.from(text),
  decodeBase64: (text) => Buffer.from(text, "base64"),
  blake2b512: (message) => createHash("blake2b512").update(message).digest(),
  verifyEd25519(publicKey, message, signature) {
    const x = Buffer.from(publicKey).toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, message, key, signature);
  },
};
