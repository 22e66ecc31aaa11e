// Version 1 writes parameters as ifupdown does: bond-mode or bond_mode, bridge_stp. Pure.
import * as v from "valibot";
import type { Finding, Path } from "../problems.ts";
import { ignored } from "../schema/key-notes.ts";
import type { KeyTable } from "../schema/kinds.ts";
import { bondTable, completeBond } from "./bonds.ts";
import { bridgeTable, PORTS } from "./bridges.ts";
import { type Names, namedByKernel, parameterSchema } from "./parameter-values.ts";

/** ifupdown's names without their prefix, with "_" for "-", and the kernel's. */
const ofBonds: Names = {
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

const isDefault = () => ignored("a bond keeps the kernel's default");
const isState = () => ignored("the kernel says it, and nobody sets it");

const unusedOfBonds: KeyTable = {
  slaves: () => ignored("name them in bond_interfaces"),
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

const ofBridges: Names = {
  ageing: "ageing_time",
  bridgeprio: "priority",
  fd: "forward_delay",
  hello: "hello_time",
  maxage: "max_age",
  stp: "stp_state",
};

const unusedOfBridges: KeyTable = {
  gcint: () => ignored("the kernel decides when it forgets"),
  hw: () => ignored("give the bridge a mac_address"),
  maxwait: () => ignored("the boot waits for no bridge"),
  waitport: () => ignored("the boot waits for no port"),
  pathcost: () => ignored(PORTS),
  portprio: () => ignored(PORTS),
  ports: () => ignored("name them in bridge_interfaces"),
};

type Group = "bond" | "bridge";
const tables = {
  bond: { names: ofBonds, parameters: bondTable, unused: unusedOfBonds },
  bridge: { names: ofBridges, parameters: bridgeTable, unused: unusedOfBridges },
};

/** With the names as they are `given`; with one spelling of each without. */
export function params(group: Group, given: readonly string[] = []) {
  const { names, parameters, unused } = tables[group];
  const one = parameterSchema(
    asWritten(group, names, given),
    parameters,
    asWritten(group, unused, given),
    given.length === 0 ? undefined : given,
  );
  return v.union([one, v.array(one, "a list of mappings")], "a mapping of parameters");
}

export type Params = v.InferOutput<ReturnType<typeof params>>;

export function planParams(
  group: Group,
  written: Params | null | undefined,
  path: Path,
): { parameters: Record<string, string>; findings: readonly Finding[] } {
  const joined: Readonly<Record<string, unknown>> = Object.assign({}, ...[written ?? {}].flat());
  const named = namedByKernel(joined, asWritten(group, tables[group].names, Object.keys(joined)));
  return group === "bond" ? completeBond(named, path) : { parameters: named, findings: [] };
}

/** The table with those spellings that are given, and one that hints can name. */
function asWritten<T>(
  group: Group,
  table: Readonly<Record<string, T>>,
  given: readonly string[],
): Record<string, T> {
  const spellings = Object.entries(table).flatMap(([name, value]) => {
    const usual = group === "bond" ? `bond-${name.replace(/_/g, "-")}` : `bridge_${name}`;
    const like = given.filter((key) => key.replace(/-/g, "_") === `${group}_${name}` || key === name);
    return [usual, ...like].map((key) => [key, value] as const);
  });
  return Object.fromEntries(spellings);
}
