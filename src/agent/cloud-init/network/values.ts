// Schemas of the values that both versions share. A message is what would be right, as in schema/kinds.ts.
import * as v from "valibot";
import { parseIp, parseNetmask, parseNetwork, unusableReason } from "../../network/addresses.ts";
import { quoted } from "../problems.ts";
import { type AnySchema, listOf, matching, wholeNumber } from "../schema/kinds.ts";

/** For editors: the form of a text whose check is a function. */
const formed = ({ source: pattern }: RegExp) => v.metadata<string, { readonly pattern: string }>({ pattern });

const YES = /^(?:true|yes|on|y|1)$/i;
const TRUTH = "true or false";

/** YAML's booleans, and as text, as netplan takes them; 0 and 1, as cloud-init does. */
export const flag = v.pipe(
  v.union(
    [
      v.boolean(),
      v.picklist([0, 1], TRUTH),
      // The same in capitals: JSON Schema has no flags for that.
      matching(
        /^(?:[Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|[Yy]|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|[Nn]|[01])$/,
        TRUTH,
      ),
    ],
    TRUTH,
  ),
  v.transform((value) => YES.test(String(value))),
);

/** A whole number, or one as text. */
export function integer(from: number, to: number, what = `a number from ${from} to ${to}`) {
  return v.pipe(
    digits(from, to, what),
    v.transform(Number),
    v.check((value) => value >= from && value <= to, what),
  );
}

function digits(from: number, to: number, what: string) {
  return v.union([wholeNumber(from, to, what), matching(/^\d+$/, what)], what);
}

/** 68 is the least that IPv4 allows. */
export const mtu = integer(68, 65535);
export const metric = integer(0, 4294967295);

const VLAN = "a number from 1 to 4094";
/** Never missing: its description must come before what it is read as. */
export const vlanId = v.pipe(
  digits(1, 4094, VLAN),
  v.description("The VLAN's number."),
  v.transform(Number),
  v.check((value) => value >= 1 && value <= 4094, VLAN),
);

export const mac = v.pipe(
  matching(
    /^[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}$/,
    "a MAC address such as 52:54:00:12:34:56",
  ),
  v.transform((text) => text.toLowerCase().replace(/-/g, ":")),
);

/** For a link itself: not that of a group. */
export const linkMac = v.pipe(
  mac,
  complaining((text) =>
    (Number.parseInt(text.slice(0, 2), 16) & 1) === 1 || text === "00:00:00:00:00:00"
      ? `no link can have the MAC address "${text}"`
      : undefined,
  ),
);

/** What the kernel takes: dev_valid_name in net/core/dev.c. */
export const linkName = matching(
  /^(?!\.{1,2}$)[^\s/:]{1,15}$/,
  'a link\'s name of 1 to 15 characters without space, "/" or ":"',
);

/** A link that another one is made of, by what the configuration calls it. */
export const linkId = v.string("a link's name");

export const ip = ofFamily("an IPv4 or IPv6 address", /^[0-9A-Fa-f.:]+$/);
export const ip4 = ofFamily("an IPv4 address", /^[0-9.]+$/, 4);
export const ip6 = ofFamily("an IPv6 address", /^(?=[^:]*:)[0-9A-Fa-f.:]+$/, 6);

function ofFamily(what: string, form: RegExp, family?: 4 | 6) {
  const isRight = (text: string) => {
    const found = parseIp(text)?.family;
    return found !== undefined && found === (family ?? found);
  };
  return v.pipe(v.string(what), v.check(isRight, what), formed(form));
}

/** An address for a link, with the length of its network. */
export const address = v.pipe(
  v.string("an address with the length of its network, such as 10.0.0.9/24"),
  complaining((text) => addressComplaint(withLength(text))),
  formed(/^[^/]+\/[0-9A-Fa-f.:]{1,39}$/),
);

/** 10.0.0.9/255.255.255.0 is 10.0.0.9/24. */
export function withLength(text: string): string {
  const [written = "", mask] = text.split("/");
  const found = mask === undefined || /^\d*$/.test(mask) ? undefined : parseIp(written);
  const length = found === undefined || mask === undefined ? undefined : parseNetmask(mask, found.family);
  return length === undefined ? text : `${written}/${length}`;
}

/** One text, or a list of them: a problem of an item has the item's place. */
export function textOrTexts<const S extends v.GenericSchema<unknown, string>>(item: S, what: string) {
  return v.pipe(
    v.union([listOf(item, what), item], what),
    v.transform((value): string[] => [value].flat()),
  );
}

/** Several in one text, too, as version 1 has them. */
export const ips = words(
  (word) =>
    parseIp(word) === undefined ? `must be an IPv4 or IPv6 address, not ${quoted(word)}` : undefined,
  "a list of addresses",
);

/** Several in one text, or in a list. `complain` looks at one of them. */
export function words(complain: (word: string) => string | undefined, what: string) {
  const text = v.pipe(
    v.string(what),
    complaining((value) => split(value).flatMap((word) => complain(word) ?? [])[0]),
  );
  return v.pipe(
    textOrTexts(text, what),
    v.transform((texts) => texts.flatMap(split)),
  );
}

/** To search in: RFC 1123 names; a dot at the end does no harm. */
export const domains = words(
  (word) =>
    /^(?=.{1,254}$)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(word) ? undefined : `"${word}" is no domain`,
  "domains such as example.com",
);

/** A netmask, or a prefix: what it is worth depends on the address. */
export const netmask = v.union([v.string("a netmask"), v.number("a netmask")], "a netmask");

/** A check whose message is a whole sentence. */
export function complaining<T>(complain: (value: T) => string | undefined) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    const message = dataset.typed ? complain(dataset.value) : undefined;
    if (message !== undefined) addIssue({ message });
  });
}

/** The same, of a mapping, for a message that belongs to one of its keys. */
export function complainingOfKey<T extends Record<string, unknown>>(
  complain: (value: T) => readonly [key: keyof T & string, message: string] | undefined,
) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    const [key, message] = (dataset.typed && complain(dataset.value)) || [];
    if (key === undefined || message === undefined || !dataset.typed) return;
    const { value: input } = dataset;
    addIssue({ message, path: [{ type: "object", origin: "value", input, key, value: input[key] }] });
  });
}

/** A schema with what it is for, in words. */
export function described<const S extends AnySchema>(schema: S, text: string) {
  return v.pipe(schema, v.description(text));
}

function split(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function addressComplaint(text: string): string | undefined {
  const network = parseNetwork(text);
  if (network === undefined) {
    const found = parseIp(text);
    if (found === undefined) return `${quoted(text)} is no address with a length, such as 10.0.0.9/24`;
    return `"${text}" lacks the length of its network: "${text}/${found.family === 4 ? 24 : 64}", say`;
  }
  const unusable = network.length === 0 ? "has an empty network" : unusableReason(network.ip);
  return unusable && `no link can have the address "${text}": it ${unusable}`;
}
