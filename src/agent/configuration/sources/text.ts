// A configuration's bytes as text. gzip is undone first, as cloud-init does it: a command line has little room.

import { MAX_SOURCE_BYTES } from "../../cloud-init/source.ts";
import type { Bytes, Host } from "../../host.ts";

/** Fails as Host does: "EFBIG", "EBADMSG", "EILSEQ". */
export function decodeText(host: Host, bytes: Bytes): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return host.decodeUtf8(isGzip ? host.decompress(bytes, "gzip", MAX_SOURCE_BYTES) : bytes);
}
