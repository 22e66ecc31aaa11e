// The kinds of values that the engine's settings have, as engine/config/check.go takes them.
import * as v from "valibot";
import { parseIp } from "../../network/addresses.ts";
import { once } from "../../once.ts";
import { normalPath } from "../../storage.ts";
import { areClusterNetworks, type Lengths } from "../cluster-networks.ts";
import { type AnySchema, matching, named, split, wholeNumber } from "./kinds.ts";
import { IPV4 } from "./names.ts";
import { absoluteFolder, absolutePath } from "./paths.ts";

/** One that pods and other machines could reach the node at; empty: the engine chooses. */
const ADDRESS = "an IPv4 address of this machine, such as 192.168.1.10";
export const address = once(() =>
  v.pipe(
    v.string(ADDRESS),
    v.regex(new RegExp(`${IPV4.source}|^$`), ADDRESS),
    v.check((text) => text === "" || isReachable(text), ADDRESS),
  ),
);

function isReachable(text: string): boolean {
  const ip = parseIp(text);
  const [first = 0, second] = ip?.bytes ?? [];
  const isSpecial = first === 127 || (first >= 224 && first < 240) || (first === 169 && second === 254);
  return ip?.family === 4 && !isSpecial && !["0.0.0.0", "255.255.255.255"].includes(text);
}

const PATH = "an absolute path without .., such as /etc/kubesolo/ca.crt";
/** Empty: none. */
const path = (form: v.GenericSchema<string, string>) =>
  v.pipe(
    v.string(PATH),
    v.regex(/^(?:\/.*)?$/, PATH),
    v.check((text) => text === "" || v.is(form, text), PATH),
    v.transform((text) => (text === "" ? "" : normalPath(text))),
  );
export const file = once(() => path(absolutePath));
export const folder = once(() => path(absoluteFolder));

export function networks(lengths: Lengths, lengths6: Lengths, what: string) {
  return v.pipe(
    v.string(what),
    v.check((text) => text === "" || areClusterNetworks(text, lengths, lengths6), what),
  );
}

export function empty(schema: AnySchema, what: string) {
  return v.union([schema, v.literal("", what)], what);
}

export function word(what: string) {
  return v.pipe(v.string(what), v.regex(/^\S*$/, `${what}, without spaces`));
}

/** As a list, or as one text with commas. */
export function list(item: v.GenericSchema<string, string>, what: string) {
  const isRight = (text: string) => split(text).every((part) => v.is(item, part));
  return v.union([v.array(item, what), v.pipe(v.string(what), v.check(isRight, what))], what);
}

/** As a mapping, or as one text: cpu=500m,memory=200Mi. */
export function pairs(isRight: (name: string, value: string) => boolean, what: string) {
  const value = v.union([v.string(what), v.number(what), v.boolean(what)], what);
  const areRight = (entries: readonly (readonly [string, unknown])[]) =>
    entries.every(([name, each]) => isRight(name, String(each)));
  return v.union(
    [
      v.pipe(
        named(v.string(), value),
        v.check((mapping) => areRight(Object.entries(mapping)), what),
      ),
      v.pipe(
        v.string(what),
        v.check((text) => {
          const entries = pairsIn(text);
          return entries !== undefined && areRight(entries);
        }, what),
      ),
    ],
    what,
  );
}

/** Of site=berlin,tier=edge; undefined when a part has no "=", or a name is there twice. */
export function pairsIn(text: string): (readonly [name: string, value: string])[] | undefined {
  const pairs = split(text).map((part) => /^([^=]*)=(.*)$/s.exec(part) ?? []);
  const entries = pairs.map(([, name = "", value = ""]) => [name, value] as const);
  const isRight = pairs.every((pair) => pair.length > 0);
  return isRight && new Set(entries.map(([name]) => name)).size === entries.length ? entries : undefined;
}

const QUANTITY = /^\+?(?:\d{1,18}(?:\.\d{0,9})?|\.\d{1,9})(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/;
const RESERVABLE = ["cpu", "memory", "ephemeral-storage", "pid"];
export const isReservation = (name: string, quantity: string): boolean =>
  RESERVABLE.includes(name) && QUANTITY.test(quantity);

const CPU_OPTIONS =
  "full-pcpus-only strict-cpu-reservation distribute-cpus-across-numa prefer-align-cpus-by-uncorecache".split(
    " ",
  );
export const isCpuOption = (name: string, value: string): boolean =>
  CPU_OPTIONS.includes(name) && SWITCH.test(value);

/** strconv.ParseBool: how the engine reads a switch that has a value. */
export const SWITCH = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** A number of seconds, or with units as 1m30s; what: the range in words. */
export function duration(low: number, high: number, what: string) {
  const form = /^(?:\d{1,9}|(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?)$/;
  const isRight = (text: string) => secondsIn(text) >= low && secondsIn(text) <= high;
  return v.union([wholeNumber(low, high, what), v.pipe(matching(form, what), v.check(isRight, what))], what);
}

function secondsIn(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  return text === "" ? Number.NaN : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

const CPUS = "numbers of CPUs such as 0 or 0-1,3";
export const cpus = once(() =>
  v.union(
    [
      v.pipe(
        matching(/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$|^$/, CPUS),
        v.check((text) => split(text).every(isRange), CPUS),
      ),
      wholeNumber(0, 4095, CPUS),
    ],
    CPUS,
  ),
);

function isRange(text: string): boolean {
  const [first = "", last = first] = text.split("-");
  return Number(first) <= Number(last);
}

const SUBJECT = "a DNS name or an IP address, such as node.example.com";
const SUBJECT_NAME =
  /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
export const subject = once(() =>
  v.pipe(
    v.string(SUBJECT),
    v.regex(/^(?:\*\.)?[a-z0-9][a-z0-9.-]*$|:/, SUBJECT),
    v.check(
      (text) => parseIp(text) !== undefined || (text.length <= 255 && SUBJECT_NAME.test(text)),
      SUBJECT,
    ),
  ),
);

const ENDPOINT = "an IP address with a port, such as 127.0.0.1:9105";
export const endpoint = once(() =>
  v.pipe(
    matching(/^(?:[0-9.]*|\[[0-9A-Fa-f:.]+\]):[1-9]\d{0,4}$/, ENDPOINT),
    v.check((text) => {
      const at = text.lastIndexOf(":");
      const ip = text.slice(0, at).replace(/^\[(.*)\]$/, "$1");
      return Number(text.slice(at + 1)) <= 65_535 && (ip === "" || parseIp(ip) !== undefined);
    }, ENDPOINT),
  ),
);

const IMAGE = "an image's name such as docker.io/portainer/agent:lts";
export const imageName = once(() =>
  matching(
    /^[a-z0-9][A-Za-z0-9.-]*(?::\d+(?=\/))?(?:\/[a-z0-9][a-z0-9._-]*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    IMAGE,
  ),
);
