// Parameters of bonds and bridges, by their names in the kernel's sysfs, as both versions of the configuration write them.
// Documentation/networking/bonding.rst, Documentation/networking/bridge.rst
import * as v from "valibot";
import { parseIp } from "../../network/addresses.ts";
import { type Finding, type Path, warning } from "../problems.ts";
import { checkKeys, checkShape, entriesOf, own, type Schema, sayValue, type Unused } from "./shape.ts";
import { Flag, integer, LinkName, Words } from "./values.ts";

export interface Parameters {
  readonly parameters: Readonly<Record<string, string>>;
  readonly problems: readonly Finding[];
}

type Table = Readonly<Record<string, Schema<string>>>;

const number = (from: number, to: number) => v.pipe(integer(from, to), v.transform(String));
const flag = v.pipe(
  Flag,
  v.transform((isOn) => (isOn ? "1" : "0")),
);

/** A word, or its number, as the kernel and ifupdown have it. */
function word(...words: string[]) {
  const nameOf = (value: unknown) => words.find((each, i) => each === value || String(i) === String(value));
  return v.pipe(
    v.custom<string | number>(
      (value) => nameOf(value) !== undefined,
      ({ input }) => `must be one of ${words.join(", ")}, not ${sayValue(input)}`,
    ),
    v.transform((value) => nameOf(value) ?? ""),
  );
}

/** Milliseconds; "100ms" and "1s" too. */
const milliseconds = v.pipe(
  v.custom<string | number>(
    (value) => /^\d{1,9}(ms|s)?$/.test(String(value)),
    ({ input }) => `must be a time in milliseconds, such as 100 or 1s, not ${sayValue(input)}`,
  ),
  v.transform((value) => {
    const text = String(value);
    return String(Number.parseInt(text, 10) * (/\ds$/.test(text) ? 1000 : 1));
  }),
);

/** The kernel's unit is a hundredth of a second. */
const seconds = (from: number, to: number) =>
  v.pipe(
    integer(from, to),
    v.transform((value) => String(value * 100)),
  );

const ipv4List = v.pipe(
  Words,
  v.array(
    v.pipe(
      v.string(),
      v.check(
        (text) => parseIp(text)?.family === 4,
        ({ input }) => `"${input}" is no IPv4 address`,
      ),
    ),
  ),
  v.maxLength(16, "the kernel takes 16 targets at most"),
  v.transform((targets) => targets.join(",")),
);

const bondModes = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
];

const bondTable: Table = {
  mode: word(...bondModes),
  miimon: milliseconds,
  updelay: milliseconds,
  downdelay: milliseconds,
  arp_interval: milliseconds,
  arp_ip_target: ipv4List,
  arp_validate: word("none", "active", "backup", "all", "filter", "filter_active", "filter_backup"),
  arp_all_targets: word("any", "all"),
  lacp_rate: word("slow", "fast"),
  ad_select: word("stable", "bandwidth", "count"),
  min_links: number(0, 255),
  xmit_hash_policy: word("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"),
  all_slaves_active: flag,
  fail_over_mac: word("none", "active", "follow"),
  num_grat_arp: number(0, 255),
  packets_per_slave: number(0, 65535),
  primary: LinkName,
  primary_reselect: word("always", "better", "failure"),
  resend_igmp: number(0, 255),
  lp_interval: number(1, 2147483647),
};

/** netplan's names. */
export const bondNames: Readonly<Record<string, string>> = {
  mode: "mode",
  "lacp-rate": "lacp_rate",
  "mii-monitor-interval": "miimon",
  "min-links": "min_links",
  "transmit-hash-policy": "xmit_hash_policy",
  "ad-select": "ad_select",
  "all-members-active": "all_slaves_active",
  "all-slaves-active": "all_slaves_active",
  "arp-interval": "arp_interval",
  "arp-ip-targets": "arp_ip_target",
  "arp-validate": "arp_validate",
  "arp-all-targets": "arp_all_targets",
  "up-delay": "updelay",
  "down-delay": "downdelay",
  "fail-over-mac-policy": "fail_over_mac",
  "gratuitous-arp": "num_grat_arp",
  "gratuitious-arp": "num_grat_arp", // netplan's own typing error, which it still takes
  "packets-per-member": "packets_per_slave",
  "packets-per-slave": "packets_per_slave",
  "primary-reselect-policy": "primary_reselect",
  "resend-igmp": "resend_igmp",
  "learn-packet-interval": "lp_interval",
  primary: "primary",
};

const bridgeTable: Table = {
  ageing_time: seconds(0, 1_000_000),
  priority: number(0, 65535),
  forward_delay: seconds(0, 30),
  hello_time: seconds(1, 10),
  max_age: seconds(6, 40),
  stp_state: flag,
};

export const bridgeNames: Readonly<Record<string, string>> = {
  "ageing-time": "ageing_time",
  "aging-time": "ageing_time",
  priority: "priority",
  "forward-delay": "forward_delay",
  "hello-time": "hello_time",
  "max-age": "max_age",
  stp: "stp_state",
};

const portReason = { reason: "is not used: a bridge's ports keep the kernel's defaults" };
export const unusedOfBridges: Unused = {
  "port-priority": portReason,
  "path-cost": portReason,
  hairpin: portReason,
  "port-mac-learning": portReason,
};

export function readBondParameters(
  value: unknown,
  names: Readonly<Record<string, string>>,
  unused: Unused,
  path: Path,
): Parameters {
  const { parameters, problems } = readParameters(value, names, bondTable, unused, path);
  const { mode = "balance-rr" } = parameters;
  const isMonitored = Number(parameters["arp_interval"] ?? 0) > 0;
  const more: Finding[] = [];
  if (isMonitored && Number(parameters["miimon"] ?? 0) > 0)
    more.push(warning(path, "a bond is watched by ARP or by MII, not both: ARP is used"));
  if (isMonitored && parameters["arp_ip_target"] === undefined)
    more.push(warning(path, "watching a bond by ARP needs targets"));
  for (const [name, modes] of Object.entries(onlyIn)) {
    if (parameters[name] !== undefined && !modes.includes(mode))
      more.push(warning(path, `"${name}" has no meaning in mode ${mode}`, `it has in ${modes.join(", ")}`));
  }
  const useful = Object.entries(parameters).filter(
    ([name]) => (onlyIn[name]?.includes(mode) ?? true) && !(isMonitored && name === "miimon"),
  );
  // Without any watching, the kernel would never notice that a member's cable is out.
  const watch = isMonitored || parameters["miimon"] !== undefined ? {} : { miimon: "100" };
  return { parameters: { mode, ...watch, ...Object.fromEntries(useful) }, problems: [...problems, ...more] };
}

/** The kernel refuses them in other modes. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  lacp_rate: ["802.3ad"],
  ad_select: ["802.3ad"],
  min_links: ["802.3ad"],
  primary: ["active-backup", "balance-tlb", "balance-alb"],
  primary_reselect: ["active-backup", "balance-tlb", "balance-alb"],
  arp_validate: ["balance-rr", "active-backup", "balance-xor", "broadcast"],
  packets_per_slave: ["balance-rr"],
};

export function readBridgeParameters(
  value: unknown,
  names: Readonly<Record<string, string>>,
  unused: Unused,
  path: Path,
): Parameters {
  return readParameters(value, names, bridgeTable, unused, path);
}

function readParameters(
  value: unknown,
  names: Readonly<Record<string, string>>,
  table: Table,
  unused: Unused,
  path: Path,
): Parameters {
  const { entries, problems } = entriesOf(value, path);
  const all: Finding[] = [...problems, ...checkKeys(value, Object.keys(names), unused, path)];
  const parameters: Record<string, string> = {};
  for (const [key, content, place] of entries) {
    const name = own(names, key);
    const schema = name === undefined ? undefined : table[name];
    if (name === undefined || schema === undefined || content === null) continue;
    const checked = checkShape(schema, content, place);
    all.push(...checked.problems);
    if (checked.value !== undefined) parameters[name] = checked.value;
  }
  return { parameters, problems: all };
}
