// Parameters of bonds. Documentation/networking/bonding.rst
import * as v from "valibot";
import { parseIp } from "../../network/addresses.ts";
import { type Finding, type Path, warning } from "../problems.ts";
import {
  milliseconds,
  type Names,
  namedByKernel,
  number,
  onOff,
  type Parameters,
  parameterSchema,
  word,
} from "./parameter-values.ts";
import { complaining, linkName, words } from "./values.ts";

const targets = () =>
  v.pipe(
    words(
      (text) => (parseIp(text)?.family === 4 ? undefined : `"${text}" is no IPv4 address`),
      "IPv4 addresses",
    ),
    complaining((list) => (list.length > 16 ? "the kernel takes 16 targets at most" : undefined)),
    v.transform((list) => list.join(",")),
  );

const modes = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
];

export const bondTable: Parameters = {
  mode: [word(...modes), "How packets are spread over its links; balance-rr when missing."],
  miimon: [milliseconds, "How often it looks whether a link has a carrier; 100 when missing."],
  updelay: [milliseconds, "How long a link must have been well before it is used."],
  downdelay: [milliseconds, "How long a link must have been gone before it isn't used."],
  arp_interval: [milliseconds, "How often it asks the targets by ARP, instead of looking for a carrier."],
  arp_ip_target: [targets, "Whom it asks by ARP: IPv4 addresses, 16 at most."],
  arp_validate: [
    word("none", "active", "backup", "all", "filter", "filter_active", "filter_backup"),
    "Whose answers by ARP are looked at.",
  ],
  arp_all_targets: [word("any", "all"), "How many targets must answer."],
  lacp_rate: [word("slow", "fast"), "How often LACP is spoken; only in mode 802.3ad."],
  ad_select: [word("stable", "bandwidth", "count"), "Which group of links is used; only in mode 802.3ad."],
  min_links: [number(0, 255), "How many links it needs to be up; only in mode 802.3ad."],
  xmit_hash_policy: [
    word("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"),
    "By what of a packet its link is chosen.",
  ],
  all_slaves_active: [onOff, "Take packets from links that aren't in use."],
  fail_over_mac: [word("none", "active", "follow"), "Whose MAC address it has."],
  num_grat_arp: [number(0, 255), "How often it announces itself after a change of links."],
  packets_per_slave: [number(0, 65535), "How many packets go to one link in turn; only in mode balance-rr."],
  primary: [() => linkName, "The link that is used whenever it is well."],
  primary_reselect: [word("always", "better", "failure"), "When the primary link is taken again."],
  resend_igmp: [number(0, 255), "How often memberships are told again after a change of links."],
  lp_interval: [number(1, 2147483647), "Seconds between packets that teach a switch where it is."],
};

/** netplan's names. */
const names: Names = {
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

export const bondParameters = (given?: readonly string[]) => parameterSchema(names, bondTable, {}, given);

/** Of version 2; `written` is what the schema made of it. */
export function planBond(written: Written, path: Path) {
  return completeBond(namedByKernel(written, names), path);
}

export type Written = Readonly<Record<string, unknown>> | null | undefined;

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

/** By the kernel's names: with what is needed, without what has no meaning. */
export function completeBond(
  parameters: Readonly<Record<string, string>>,
  path: Path,
): { parameters: Record<string, string>; findings: Finding[] } {
  const { mode = "balance-rr" } = parameters;
  const isMonitored = Number(parameters["arp_interval"] ?? 0) > 0;
  const findings: Finding[] = [];
  if (isMonitored && Number(parameters["miimon"] ?? 0) > 0)
    findings.push(warning(path, "a bond is watched by ARP or by MII, not both: ARP is used"));
  if (isMonitored && parameters["arp_ip_target"] === undefined)
    findings.push(warning(path, "watching a bond by ARP needs targets"));
  for (const [name, those] of Object.entries(onlyIn)) {
    if (parameters[name] === undefined || those.includes(mode)) continue;
    const hint = `it has in ${those.join(", ")}`;
    findings.push(warning(path, `"${name}" has no meaning in mode ${mode}`, hint));
  }
  const useful = Object.entries(parameters).filter(
    ([name]) => (onlyIn[name]?.includes(mode) ?? true) && !(isMonitored && name === "miimon"),
  );
  // Without any watching, the kernel would never notice that a member's cable is out.
  const watch = isMonitored || parameters["miimon"] !== undefined ? {} : { miimon: "100" };
  return { parameters: { mode, ...watch, ...Object.fromEntries(useful) }, findings };
}
