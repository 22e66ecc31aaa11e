// Keys of updates for tests, and what they sign.
import { generateKeyPairSync, sign } from "node:crypto";

export interface Signer {
  /** As in keys.json. */
  readonly line: string;
  sign(text: string): string;
}

/** A key of minisign's form, made here: its files themselves are tried in minisign.test.ts. */
export function makeSigner(id: number): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const head = (algorithm: string) => Buffer.concat([Buffer.from(algorithm), Buffer.alloc(8, id)]);
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  return {
    line: Buffer.concat([head("Ed"), raw]).toString("base64"),
    sign(text) {
      const signature = sign(null, Buffer.from(text), privateKey);
      const global = sign(null, Buffer.concat([signature, Buffer.from("keys")]), privateKey);
      const whole = Buffer.concat([head("Ed"), signature]).toString("base64");
      return `untrusted comment: x\n${whole}\ntrusted comment: keys\n${global.toString("base64")}\n`;
    },
  };
}
