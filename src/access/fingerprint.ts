// The CA's fingerprint as people write it. Pure.
import { createHash } from "node:crypto";

/** "SHA256:" and the hash of the certificate (DER) in base64 without padding, as the console shows it and OpenSSH writes it. */
export function fingerprintOf(der: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(der).digest("base64").replace(/=+$/, "")}`;
}

/** As `fingerprintOf`; also from openssl's (sha256 Fingerprint=AB:CD:…). undefined: it is none. */
export function parseFingerprint(text: string): string | undefined {
  const bare = text.trim().replace(/^sha-?256(?:\s+fingerprint)?\s*[:=]\s*/i, "");
  if (/^[A-Za-z0-9+/]{43}=?$/.test(bare)) return `SHA256:${bare.replace(/=$/, "")}`;
  const hex = bare.replaceAll(":", "");
  if (!/^[0-9a-f]{64}$/i.test(hex)) return undefined;
  return `SHA256:${Buffer.from(hex, "hex").toString("base64").replace(/=+$/, "")}`;
}
