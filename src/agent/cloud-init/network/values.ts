// Schemas of the values that both versions share.
import * as v from "valibot";
import { parseIp, parseNetwork, unusableReason } from "../../network/addresses.ts";
import { sayValue } from "./shape.ts";

/** YAML's booleans, and as text, as netplan takes them. */
export const Flag = v.pipe(
  v.custom<boolean | string>((value) => flagOf(value) !== undefined, say("must be true or false, not")),
  v.transform((value) => flagOf(value) === true),
);

/** A whole number, or one as text. */
export function integer(from: number, to: number) {
  const isRight = (value: unknown) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isInteger(number) && number >= from && number <= to;
  };
  return v.pipe(
    v.custom<number | string>(isRight, say(`must be a number from ${from} to ${to}, not`)),
    v.transform(Number),
  );
}

/** 68 is the least that IPv4 allows. */
export const Mtu = integer(68, 65535);
export const Metric = integer(0, 4294967295);
export const VlanId = integer(1, 4094);

export const Mac = v.pipe(
  v.custom<string>(isMac, (issue) =>
    typeof issue.input === "number"
      ? "must be a MAC address; YAML reads this one as a number: put it in quotes"
      : say("must be a MAC address such as 52:54:00:12:34:56, not")(issue),
  ),
  v.transform((mac) => mac.toLowerCase().replace(/-/g, ":")),
);

/** For a link itself: not that of a group. */
export const LinkMac = v.pipe(
  Mac,
  v.check(
    (mac) => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== "00:00:00:00:00:00",
    (issue) => `no link can have the MAC address "${issue.input}"`,
  ),
);

/** What the kernel takes: dev_valid_name in net/core/dev.c. */
export const LinkName = v.custom<string>(
  isLinkName,
  say('must be a link\'s name of 1 to 15 characters without space, "/" or ":", not'),
);

export const IpText = v.custom<string>(
  (value) => typeof value === "string" && parseIp(value) !== undefined,
  say("must be an IPv4 or IPv6 address, not"),
);

export const Ip4Text = v.custom<string>(
  (value) => typeof value === "string" && parseIp(value)?.family === 4,
  say("must be an IPv4 address, not"),
);
export const Ip6Text = v.custom<string>(
  (value) => typeof value === "string" && parseIp(value)?.family === 6,
  say("must be an IPv6 address, not"),
);

/** An address for a link, with the length of its network. */
export const AddressText = v.pipe(
  v.string(),
  v.check(
    (text) => parseNetwork(text) !== undefined,
    (issue) => addressComplaint(issue.input),
  ),
  v.check(
    (text) => unusable(text) === undefined,
    (issue) => `no link can have the address "${issue.input}": it ${unusable(issue.input)}`,
  ),
);

/** One text, or a list of them: a problem of an item has the item's place. */
function oneOrMore<T>(item: v.GenericSchema<unknown, T>) {
  const one = v.pipe(
    item,
    v.transform((value) => [value]),
  );
  return v.lazy((input) => (Array.isArray(input) ? v.array(item) : one));
}

export const IpList = oneOrMore(IpText);
export const Texts = oneOrMore(v.string());

/** A list, or words in one text. */
export const Words = v.pipe(
  Texts,
  v.transform((texts) => texts.flatMap((text) => text.split(/[\s,]+/).filter((word) => word !== ""))),
);

/** Domains to search in, RFC 1123 names; a dot at the end does no harm. */
export const Domains = v.pipe(
  Words,
  v.array(
    v.pipe(
      v.string(),
      v.regex(/^(?=.{1,254}$)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/, (issue) => `"${issue.input}" is no domain`),
    ),
  ),
);

function isLinkName(value: unknown): boolean {
  return typeof value === "string" && /^[^\s/:]{1,15}$/.test(value) && value !== "." && value !== "..";
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  if (/^(true|yes|on|y)$/i.test(value)) return true;
  return /^(false|no|off|n)$/i.test(value) ? false : undefined;
}

function isMac(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{2}([:-])([0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(value);
}

function say(start: string) {
  return (issue: { readonly input: unknown }) => `${start} ${sayValue(issue.input)}`;
}

function unusable(text: string): string | undefined {
  const network = parseNetwork(text);
  if (network?.length === 0) return "has an empty network";
  return network && unusableReason(network.ip);
}

function addressComplaint(text: string): string {
  const ip = parseIp(text);
  if (ip === undefined) return `"${text}" is no address with a length, such as 10.0.0.9/24`;
  return `"${text}" lacks the length of its network: "${text}/${ip.family === 4 ? 24 : 64}", say`;
}
