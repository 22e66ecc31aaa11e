// Version 1 writes parameters as ifupdown does: bond-mode or bond_mode, bridge_stp. Pure.
import type { Unused } from "./shape.ts";

/** ifupdown's names without their prefix, with "_" for "-", and the kernel's. */
const bond: Readonly<Record<string, string>> = {
  mode: "mode",
  miimon: "miimon",
  updelay: "updelay",
  downdelay: "downdelay",
  arp_interval: "arp_interval",
  arp_ip_target: "arp_ip_target",
  arp_validate: "arp_validate",
  arp_all_targets: "arp_all_targets",
  lacp_rate: "lacp_rate",
  ad_select: "ad_select",
  min_links: "min_links",
  xmit_hash_policy: "xmit_hash_policy",
  all_slaves_active: "all_slaves_active",
  fail_over_mac: "fail_over_mac",
  num_grat_arp: "num_grat_arp",
  num_unsol_na: "num_grat_arp",
  packets_per_slave: "packets_per_slave",
  primary: "primary",
  primary_reselect: "primary_reselect",
  resend_igmp: "resend_igmp",
  lp_interval: "lp_interval",
};

const isDefault = { reason: "is not used: a bond keeps the kernel's default" };
const isState = { reason: "is not used: the kernel says it, and nobody sets it" };

const unusedOfBonds: Unused = {
  slaves: { reason: "is not used: name them in bond_interfaces" },
  active_slave: isDefault,
  ad_actor_sys_prio: isDefault,
  ad_actor_system: isDefault,
  ad_user_port_key: isDefault,
  peer_notif_delay: isDefault,
  queue_id: isDefault,
  tlb_dynamic_lb: isDefault,
  use_carrier: isDefault,
  ad_actor_key: isState,
  ad_aggregator: isState,
  ad_num_ports: isState,
  ad_partner_key: isState,
  ad_partner_mac: isState,
  mii_status: isState,
};

const bridge: Readonly<Record<string, string>> = {
  ageing: "ageing_time",
  bridgeprio: "priority",
  fd: "forward_delay",
  hello: "hello_time",
  maxage: "max_age",
  stp: "stp_state",
};

const unusedOfBridges: Unused = {
  gcint: { reason: "is not used: the kernel decides when it forgets" },
  hw: { reason: "is not used: give the bridge a mac_address" },
  maxwait: { reason: "is not used: the boot waits for no bridge" },
  waitport: { reason: "is not used: the boot waits for no port" },
  pathcost: { reason: "is not used: a bridge's ports keep the kernel's defaults" },
  portprio: { reason: "is not used: a bridge's ports keep the kernel's defaults" },
  ports: { reason: "is not used: name them in bridge_interfaces" },
};

export function bondV1Names(params: unknown): Readonly<Record<string, string>> {
  return namesAsWritten(params, "bond", bond);
}

export function bridgeV1Names(params: unknown): Readonly<Record<string, string>> {
  return namesAsWritten(params, "bridge", bridge);
}

export function unusedOfV1Bonds(params: unknown): Unused {
  return namesAsWritten(params, "bond", unusedOfBonds);
}

export function unusedOfV1Bridges(params: unknown): Unused {
  return namesAsWritten(params, "bridge", unusedOfBridges);
}

/** cloud-init also takes a list of mappings. */
export function joinParams(params: unknown): unknown {
  return Array.isArray(params) && params.every(isMapping) ? Object.assign({}, ...params) : params;
}

/** The table with those spellings that these parameters have, and one that hints can name. */
function namesAsWritten<T>(
  params: unknown,
  prefix: string,
  table: Readonly<Record<string, T>>,
): Record<string, T> {
  const written = isMapping(params) ? Object.keys(params) : [];
  const mark = prefix === "bond" ? "bond-" : "bridge_";
  const names: Record<string, T> = {};
  for (const [name, value] of Object.entries(table)) {
    names[mark + (prefix === "bond" ? name.replace(/_/g, "-") : name)] = value;
    for (const key of written)
      if (key.replace(/-/g, "_") === `${prefix}_${name}` || key === name) names[key] = value;
  }
  return names;
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
