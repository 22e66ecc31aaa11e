// What the device's Host does for a configuration's bytes, in Node.
import { gunzipSync } from "node:zlib";
import type { Decoder } from "../../agent/cloud-init/source.ts";

export const nodeDecoder: Decoder = {
  decompress(content, format, maxBytes) {
    if (format !== "gzip") throw new Error(`cannot undo ${format}`);
    return gunzipSync(content, { maxOutputLength: maxBytes });
  },
  decodeUtf8: (content) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content),
};
