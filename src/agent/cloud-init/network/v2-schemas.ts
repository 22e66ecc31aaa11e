// What the links of version 2 may hold. Keys that are read by hand, each with its place, are unknown here.
import * as v from "valibot";
import type { Schema } from "./shape.ts";
import {
  Domains,
  Flag,
  Ip4Text,
  Ip6Text,
  IpList,
  LinkMac,
  LinkName,
  Mac,
  Metric,
  Mtu,
  Texts,
  VlanId,
} from "./values.ts";

export const kinds = ["ethernets", "vlans", "bonds", "bridges"] as const;
export type Kind = (typeof kinds)[number];

const maybe = <T>(schema: Schema<T>) => v.nullish(schema);

const Renderer = maybe(v.string());
export const DhcpOverrides = v.object({
  "use-routes": maybe(Flag),
  "use-dns": maybe(Flag),
  "use-ntp": maybe(Flag),
  "use-domains": maybe(Flag),
  "route-metric": maybe(Metric),
});
export const Nameservers = v.object({ addresses: maybe(IpList), search: maybe(Domains) });

export const anyLink = {
  renderer: Renderer,
  dhcp4: maybe(Flag),
  dhcp6: maybe(Flag),
  "dhcp4-overrides": maybe(DhcpOverrides),
  "dhcp-identifier": maybe(v.string()),
  "accept-ra": maybe(Flag),
  "link-local": maybe(v.array(v.picklist(["ipv4", "ipv6"]))),
  critical: maybe(Flag),
  optional: maybe(Flag),
  mtu: maybe(Mtu),
  macaddress: maybe(LinkMac),
  gateway4: maybe(Ip4Text),
  gateway6: maybe(Ip6Text),
  nameservers: maybe(Nameservers),
  /** Read by hand, each with its place. */
  addresses: maybe(v.unknown()),
  routes: maybe(v.unknown()),
};

export const Match = v.object({
  macaddress: maybe(Mac),
  name: maybe(v.string()),
  driver: maybe(
    v.pipe(
      Texts,
      v.transform((texts) => texts.join(" ")),
    ),
  ),
});

const members = maybe(v.array(v.string()));
export const ownKeys = {
  ethernets: { match: maybe(Match), "set-name": maybe(LinkName), wakeonlan: maybe(Flag) },
  vlans: { id: VlanId, link: v.string() },
  bonds: { interfaces: members, parameters: maybe(v.unknown()) },
  bridges: { interfaces: members, parameters: maybe(v.unknown()) },
};

export const schemas = {
  ethernets: v.object({ ...anyLink, ...ownKeys.ethernets }),
  vlans: v.object({ ...anyLink, ...ownKeys.vlans }),
  bonds: v.object({ ...anyLink, ...ownKeys.bonds }),
  bridges: v.object({ ...anyLink, ...ownKeys.bridges }),
};
const AnyLink = v.object(anyLink);
/** What all kinds have. */
export type Common = v.InferOutput<typeof AnyLink>;
export type Ethernet = v.InferOutput<typeof schemas.ethernets>;
export type Vlan = v.InferOutput<typeof schemas.vlans>;
export type Group = v.InferOutput<typeof schemas.bonds>;
