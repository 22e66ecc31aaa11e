// Settings of the engine that are a mapping of names to lists: in its file {a: [b, c], d: e}, as text a=b+c,d=e. As engine/config/dns.go
// takes them.
import * as v from "valibot";
import { type Ip, parseIp } from "../../network/addresses.ts";
import { once } from "../../once.ts";
import { quoted } from "../problems.ts";
import { named, split } from "./kinds.ts";

/** Of both forms; undefined when it is neither. */
export function listsIn(value: unknown): (readonly [name: string, items: readonly string[]])[] | undefined {
  if (typeof value === "string") {
    const parts = split(value).map((part) => /^([^=]*)=(.*)$/s.exec(part) ?? []);
    if (parts.some((part) => part.length === 0)) return undefined;
    return parts.map(([, name = "", items = ""]) => [name, itemsIn(items)] as const);
  }
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([name, items]) => [name, itemsIn(items)] as const);
}

function itemsIn(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) => String(text).split("+")).map((text) => text.trim());
}

const ZONES = "zones outside the cluster with their name servers, such as {corp.example: [10.0.0.53]}";
export const stubZones = once(() => lists(isNameServer, 15, "an IP address, with a port or without", ZONES));

const HOSTS = "names outside the cluster with their addresses, such as {registry.local: [192.168.1.5]}";
export const hosts = once(() => lists(isHostAddress, 64, "an IP address", HOSTS));

function lists(isItem: (text: string) => boolean, most: number, item: string, what: string) {
  const value = v.union([v.string(what), v.array(v.string(what), what)], what);
  return v.pipe(
    named(v.string(), value, what),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const all = listsIn(dataset.value) ?? [];
      const names = all.map(([name]) => plainName(name));
      for (const [index, [name, items]] of all.entries()) {
        const problem =
          whyNoName(name) ??
          (names.indexOf(names[index] as string) < index ? "it is there twice" : undefined) ??
          whyNoItems(items, isItem, most, item);
        if (problem !== undefined) addIssue({ message: `${quoted(name)} can't be used: ${problem}` });
      }
    }),
  );
}

/** As cluster DNS has it. */
export function plainName(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

function whyNoName(text: string): string | undefined {
  const name = plainName(text);
  if (name.length > 253 || !NAME.test(name)) return "it is no name of DNS, such as corp.example";
  const own = ["cluster.local", "svc"].find((each) => name === each || name.endsWith(`.${each}`));
  return own === undefined
    ? undefined
    : `names below ${own} are the cluster's, and cluster DNS knows them itself`;
}

function whyNoItems(
  items: readonly string[],
  isItem: (text: string) => boolean,
  most: number,
  item: string,
): string | undefined {
  const wrong = items.find((text) => !isItem(text));
  if (wrong !== undefined) return `${quoted(wrong)} isn't ${item}`;
  return items.length === 0 || items.length > most ? `it needs 1 to ${most} addresses` : undefined;
}

/** The address of a server that has its port, or hasn't. */
export function serverAddress(text: string): Ip | undefined {
  const [, six, four, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined) return parseIp(text);
  const ip = parseIp(six ?? four ?? "");
  const isRight = Number(port) > 0 && Number(port) <= 65_535 && ip?.family === (six === undefined ? 4 : 6);
  return isRight ? ip : undefined;
}

function isNameServer(text: string): boolean {
  const { family, bytes = [] } = serverAddress(text) ?? {};
  const first = bytes[0] ?? 0;
  const isGroup =
    family === 4 ? (first >= 224 && first < 240) || bytes.every((byte) => byte === 255) : first === 255;
  return family !== undefined && !isMapped(bytes) && !isGroup && bytes.some((byte) => byte !== 0);
}

/** It may be 0.0.0.0: so people block names. */
function isHostAddress(text: string): boolean {
  const ip = parseIp(text);
  return ip !== undefined && !isMapped(ip.bytes);
}

/** ::ffff:10.0.0.1, an IPv4 address in the form of IPv6. */
function isMapped(bytes: readonly number[]): boolean {
  return bytes.length === 16 && bytes.every((byte, index) => index > 11 || byte === (index < 10 ? 0 : 255));
}
