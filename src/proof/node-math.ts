// What the device's Host computes, in Node.
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { errorCode } from "../lib/errors.ts";
import { nodeMath } from "../lib/signature-math.ts";
import { type ByteMath, HostError } from "./box/memory-host.ts";

export const nodeByteMath: ByteMath = {
  sha256: (content) => createHash("sha256").update(content).digest("hex"),
  blake2b512: (content) => new Uint8Array(createHash("blake2b512").update(content).digest()),
  verifyEd25519(publicKey, message, signature) {
    const what = createHash("sha256").update(publicKey).update(signature).update(message).digest("base64");
    const known = verified.get(what);
    if (known !== undefined) return known;
    if (verified.size > 10_000) verified.clear();
    const holds = nodeMath.verifyEd25519(publicKey, message, signature);
    verified.set(what, holds);
    return holds;
  },
  decompress(content, format, maxBytes) {
    if (format !== "gzip") throw new Error(`not here: ${format}`);
    try {
      return new Uint8Array(gunzipSync(content, { maxOutputLength: maxBytes }));
    } catch (error) {
      const isTooLarge = errorCode(error) === "ERR_BUFFER_TOO_LARGE";
      throw isTooLarge ? new HostError("EFBIG", "too large") : new HostError("EBADMSG", "not gzip");
    }
  },
  decodeBase64(text) {
    const letters = text.replace(/\s/g, "");
    if (letters.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(letters))
      throw new HostError("EBADMSG", "not base64");
    return new Uint8Array(Buffer.from(letters, "base64"));
  },
  encodeBase64: (content) => Buffer.from(content).toString("base64"),
  decodeUtf8(content) {
    try {
      return decoder.decode(content);
    } catch {
      throw new HostError("EILSEQ", "not UTF-8");
    }
  },
  encodeUtf8: (text) => encoder.encode(text),
};

/** Most are asked for again and again, and each takes as long as all else. */
const verified = new Map<string, boolean>();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
