// Where a box's API server is, as people write it. Pure.
import { API_SERVER_PORT } from "../release/engine.ts";
import { parseFingerprint } from "./fingerprint.ts";

export interface Server {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** When the text has it behind a #, as the console's QR code has. */
  readonly fingerprint?: string;
}

/** "192.168.1.10", "box.example.com:6443", "[fe80::1]:6443" or "https://192.168.1.10:6443#SHA256:…"; undefined: it is none. */
export function parseServer(text: string): Server | undefined {
  const [address = "", ...mark] = text.trim().split("#");
  const bare = address.replace(/^https:\/\//i, "").replace(/\/$/, "");
  const isBareIpv6 = /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(bare);
  let url: URL;
  try {
    url = new URL(`https://${isBareIpv6 ? `[${bare}]` : bare}`);
  } catch {
    return undefined;
  }
  const isMore = url.pathname !== "/" || url.search !== "" || url.username !== "" || url.password !== "";
  if (isMore || url.hostname === "") return undefined;
  // A port of 443 is left out by URL, and has to be said.
  const port = url.port !== "" ? Number(url.port) : /:443$/.test(bare) ? 443 : API_SERVER_PORT;
  const fingerprint = mark.length === 0 ? undefined : parseFingerprint(mark.join("#"));
  if (mark.length > 0 && fingerprint === undefined) return undefined;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    ...(fingerprint !== undefined && { fingerprint }),
  };
}

export function serverUrl({ host, port }: Server): string {
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
