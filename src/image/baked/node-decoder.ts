// What the device's Host does for a configuration's bytes, in Node.
import { createHash, X509Certificate } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { Decoder } from "../../agent/cloud-init/source.ts";

export const nodeDecoder: Decoder = {
  decompress(content, format, maxBytes) {
    if (format !== "gzip") throw new Error(`cannot undo ${format}`);
    return gunzipSync(content, { maxOutputLength: maxBytes });
  },
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
  decodeBase64: (text) => Buffer.from(text, "base64"),
  readCertificate(pem) {
    const { subject, ca, validFrom, validTo } = new X509Certificate(pem);
    return {
      name: /^CN=(.*)$/m.exec(subject ?? "")?.[1] ?? "",
      isAuthority: ca,
      notBeforeMs: Date.parse(validFrom),
      notAfterMs: Date.parse(validTo),
    };
  },
  now: () => Date.now(),
  decodeUtf8: (content) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content),
};
