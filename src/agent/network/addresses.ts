// IPv4 and IPv6 addresses and networks. Pure; strict, as the kernel's tools are: no octal, no short forms.

export interface Ip {
  readonly family: 4 | 6;
  /** 4 or 16. */
  readonly bytes: readonly number[];
}

export interface Network {
  readonly ip: Ip;
  /** The prefix's length in bits. */
  readonly length: number;
}

export function parseIp(text: string): Ip | undefined {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return bytes && { family: bytes.length === 4 ? 4 : 6, bytes };
}

/** "10.0.0.9/24"; undefined without a length. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = parseIp(address);
  if (ip === undefined || /^0\d/.test(bits)) return undefined;
  const length = Number(bits);
  return length <= ip.bytes.length * 8 ? { ip, length } : undefined;
}

/** "255.255.255.0", "ffff:ffff::", "24" or 24 as a length; undefined when it has a hole. */
export function parseNetmask(mask: string | number, family: 4 | 6): number | undefined {
  const most = family === 4 ? 32 : 128;
  if (/^\d{1,3}$/.test(String(mask))) return Number(mask) <= most ? Number(mask) : undefined;
  const ip = parseIp(String(mask));
  if (ip === undefined || ip.family !== family) return undefined;
  const bits = ip.bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const length = bits.indexOf("0") === -1 ? most : bits.indexOf("0");
  return bits.slice(length).includes("1") ? undefined : length;
}

export function isInNetwork(ip: Ip, network: Network): boolean {
  return (
    ip.family === network.ip.family &&
    sameBytes(masked(ip, network.length), masked(network.ip, network.length))
  );
}

export function isSameIp(a: Ip, b: Ip): boolean {
  return sameBytes(a.bytes, b.bytes);
}

/** The network without what its length doesn't cover: 10.0.0.9/24 is in 10.0.0.0/24. */
export function formatNetwork({ ip, length }: Network): string {
  return `${formatIp({ ...ip, bytes: masked(ip, length) })}/${length}`;
}

/** One spelling an address, so that texts can be compared (IPv6: RFC 5952). */
export function formatIp({ family, bytes }: Ip): string {
  if (family === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const text = groups.map((group) => group.toString(16)).join(":");
  const zeros = text.match(/\b0(:0)+\b/g)?.sort((a, b) => b.length - a.length)[0];
  if (zeros === undefined) return text;
  const at = text.search(new RegExp(`(^|:)${zeros}(:|$)`));
  const start = text.slice(0, at).replace(/:$/, "");
  const end = text.slice(text.indexOf(zeros, at) + zeros.length).replace(/^:/, "");
  return `${start}::${end}`;
}

/** Why no link can have such an address, if so. */
export function unusableReason(ip: Ip): string | undefined {
  const [first = 0] = ip.bytes;
  if (ip.bytes.every((byte) => byte === 0)) return "stands for no address";
  if (ip.family === 6) return first === 0xff ? "is a multicast address" : undefined;
  if (first === 127) return "is the machine itself";
  if (first >= 240) return "is reserved";
  return first >= 224 ? "is a multicast address" : undefined;
}

function masked({ bytes }: Ip, length: number): number[] {
  return bytes.map((byte, i) => byte & (0xff << (8 - Math.min(8, Math.max(0, length - 8 * i)))) & 0xff);
}

function sameBytes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  const isRight =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return isRight ? parts.map(Number) : undefined;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [front, back] = halves.map((half) => (half === "" ? [] : parseGroups(half)));
  if (front === undefined || (halves.length === 2 && back === undefined)) return undefined;
  if (halves.length === 1) return front.length === 16 ? front : undefined;
  const missing = 16 - front.length - (back?.length ?? 0);
  return missing >= 2 ? [...front, ...Array<number>(missing).fill(0), ...(back ?? [])] : undefined;
}

/** The last group may be an IPv4 address. */
function parseGroups(text: string): number[] | undefined {
  const groups = text.split(":");
  const bytes: number[] = [];
  for (const [i, group] of groups.entries()) {
    const last = i === groups.length - 1 && group.includes(".") ? parseIpv4(group) : undefined;
    if (last === undefined && !/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    const number = Number.parseInt(group, 16);
    bytes.push(...(last ?? [number >> 8, number & 0xff]));
  }
  return bytes;
}
