// Subnets of version 1: how a link gets its addresses. Pure.
import * as v from "valibot";
import { isInNetwork, parseIp, parseNetmask, parseNetwork, unusableReason } from "../../network/addresses.ts";
import type { PlannedRoute } from "../../network/plan.ts";
import { type Finding, type Path, quoted, warning } from "../problems.ts";
import { ignored, refused } from "../schema/key-notes.ts";
import { listOf, mapping, maybe, text } from "../schema/kinds.ts";
import type { Placed } from "./draft.ts";
import { checkRoute, complainingOfRoute, planRoute, routeKeys } from "./v1-routes.ts";
import { complainingOfKey, described, domains, flag, ip, ips, metric, mtu, netmask } from "./values.ts";

const types = {
  dhcp: "dhcp",
  dhcp4: "dhcp",
  static: "static",
  static6: "static",
  manual: "manual",
  dhcp6: "dhcp6",
  ipv6_slaac: "slaac",
  "ipv6_dhcpv6-stateless": "slaac",
  "ipv6_dhcpv6-stateful": "dhcp6",
} as const;
const names = Object.keys(types) as (keyof typeof types)[];

const route = () => v.pipe(mapping(routeKeys()), complainingOfRoute());

const subnet = () =>
  v.pipe(
    mapping({
      type: described(v.picklist(names, `one of ${names.join(", ")}`), "How the link gets its addresses."),
      control: described(
        maybe(v.picklist(["auto", "manual", "hotplug"], '"auto", "manual" or "hotplug"')),
        "hotplug: a boot needn't wait for it. The link is brought up at the boot, always.",
      ),
      address: described(
        maybe(text("an address such as 10.0.0.9/24")),
        "The address, with or without the length of its network: 10.0.0.9/24.",
      ),
      netmask: described(maybe(netmask), "Of an address without a length: 255.255.255.0, or 24."),
      prefix: described(maybe(netmask), "Another word for netmask."),
      gateway: described(maybe(ip), "The default gateway."),
      metric: described(maybe(metric), "Of the route through the gateway."),
      mtu: described(maybe(mtu), "The longest packet, in bytes, when the link says none."),
      dns_nameservers: described(maybe(ips), "Name servers."),
      dns_search: described(maybe(domains), "Domains to look names up in that have no dot."),
      ipv4: described(maybe(flag), "It is of IPv4; not needed."),
      ipv6: described(maybe(flag), "It is of IPv6; not needed."),
      routes: described(maybe(listOf(route(), "a list of routes")), "Where its gateways lead."),
      broadcast: ignored("the kernel knows it from the netmask"),
      scope: ignored("every address is global"),
      pointopoint: refused("point-to-point addresses aren't supported"),
    }),
    complainingOfKey((each) => {
      const read = readAddress(each);
      return "complaint" in read ? read.complaint : undefined;
    }),
  );

export const subnets = () => listOf(subnet(), "a list of subnets");
export type Subnet = v.InferOutput<ReturnType<typeof subnet>>;

const kindOf = ({ type }: Subnet) => types[type];

export interface PlannedSubnets {
  readonly dhcp4: boolean;
  readonly metric?: number;
  /** Of a fixed IPv4 address: goes before the link's own. */
  readonly mtu?: number;
  /** When nothing else says one. */
  readonly dhcpMtu?: number;
  readonly acceptRa?: true;
  readonly addresses: readonly Placed<string>[];
  readonly routes: readonly Placed<PlannedRoute>[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly isOptional: boolean;
}

export function planSubnets(all: readonly Subnet[], path: Path): PlannedSubnets {
  const dhcp = all.find((each) => kindOf(each) === "dhcp");
  const mtu = all.filter((each) => each.mtu != null && hasIpv4(each)).pop()?.mtu;
  const dhcpMtu = all.find((each) => each.mtu != null && kindOf(each) === "dhcp")?.mtu;
  return {
    dhcp4: dhcp !== undefined,
    ...(dhcp?.metric != null && { metric: dhcp.metric }),
    ...(mtu != null && { mtu }),
    ...(dhcpMtu != null && { dhcpMtu }),
    ...(all.some((each) => /slaac|dhcp6/.test(kindOf(each))) && { acceptRa: true }),
    addresses: all.flatMap((each, i) => {
      const read = readAddress(each);
      return "value" in read ? { value: read.value, path: [...path, i, "address"] } : [];
    }),
    routes: all.flatMap((each, i) => routesOf(each, [...path, i])),
    nameservers: all.flatMap((each) => each.dns_nameservers ?? []),
    search: all.flatMap((each) => each.dns_search ?? []),
    isOptional: all.some(({ control }) => control === "hotplug"),
  };
}

function hasIpv4(subnet: Subnet): boolean {
  const read = readAddress(subnet);
  return "value" in read && parseNetwork(read.value as string)?.ip.family === 4;
}

type ReadAddress =
  | { readonly value: string; readonly isGuessed: boolean }
  | { readonly complaint: readonly ["address" | "netmask" | "prefix", string] }
  | Readonly<Record<string, never>>;

/** With the length of its network; nothing for what has none. */
function readAddress(subnet: Subnet): ReadAddress {
  if (kindOf(subnet) !== "static") return {};
  const { address, netmask, prefix } = subnet;
  if (address == null) return { complaint: ["address", "is missing"] };
  const [written = "", bits] = address.split("/");
  const found = parseIp(written);
  if (found === undefined)
    return { complaint: ["address", `must be an IPv4 or IPv6 address, not ${quoted(address)}`] };
  const unusable = unusableReason(found);
  if (unusable !== undefined)
    return { complaint: ["address", `no link can have the address "${written}": it ${unusable}`] };
  const mask = bits ?? prefix ?? netmask;
  if (mask == null) return { value: `${written}/${found.family === 4 ? 24 : 64}`, isGuessed: true };
  const length = parseNetmask(mask, found.family);
  if (length !== undefined && length > 0) return { value: `${written}/${length}`, isGuessed: false };
  const key = bits !== undefined ? "address" : prefix == null ? "netmask" : "prefix";
  return { complaint: [key, `${quoted(mask)} is no netmask for IPv${found.family}`] };
}

function routesOf(subnet: Subnet, path: Path): Placed<PlannedRoute>[] {
  const { gateway, metric, routes } = subnet;
  const own = (routes ?? []).map((each, i) => ({ value: planRoute(each), path: [...path, "routes", i] }));
  if (gateway == null || kindOf(subnet) !== "static") return own;
  const to = parseIp(gateway)?.family === 6 ? "::/0" : "0.0.0.0/0";
  const value = { to, via: gateway, onLink: !isInside(gateway, subnet), ...(metric != null && { metric }) };
  return [{ value, path: [...path, "gateway"] }, ...own];
}

/** One that isn't is on the cable all the same, as cloud-init has it. */
function isInside(gateway: string, subnet: Subnet): boolean {
  const read = readAddress(subnet);
  const network = "value" in read ? parseNetwork(read.value as string) : undefined;
  const ip = parseIp(gateway);
  if (network === undefined || ip === undefined || ip.family !== network.ip.family) return true;
  const isLinkLocal = ip.family === 6 && ip.bytes[0] === 0xfe && ((ip.bytes[1] ?? 0) & 0xc0) === 0x80;
  return isLinkLocal || isInNetwork(ip, network);
}

/** Of what is right in itself, and means something else than one may think. */
export function checkSubnets(all: readonly Subnet[], path: Path): Finding[] {
  return all.flatMap((each, i) => [
    ...checkSubnet(each, [...path, i]),
    ...(each.routes ?? []).flatMap((route, j) => checkRoute(route, [...path, i, "routes", j])),
  ]);
}

function checkSubnet(subnet: Subnet, path: Path): Finding[] {
  const kind = kindOf(subnet);
  const read = readAddress(subnet);
  const findings: Finding[] = [];
  if ("isGuessed" in read && read.isGuessed) {
    const length = read.value.slice(read.value.indexOf("/"));
    findings.push(warning([...path, "address"], `no netmask: ${length} is taken, as cloud-init does`));
  }
  if ("value" in read) findings.push(...checkMasks(subnet, read.value as string, path));
  if (kind === "dhcp6") {
    const reason = "there is no DHCPv6 client; addresses that routers announce are taken";
    findings.push(warning([...path, "type"], reason));
  }
  for (const key of ["address", "gateway"] as const) {
    if (subnet[key] == null || kind === "static" || (kind === "manual" && key === "gateway")) continue;
    const hint = kind === "manual" ? "type: static" : undefined;
    findings.push(warning([...path, key], `no effect in a subnet of type ${subnet.type}`, hint));
  }
  if (subnet.mtu != null && kind !== "dhcp" && !hasIpv4(subnet))
    findings.push(warning([...path, "mtu"], "no effect: IPv6 has the link's MTU"));
  if (subnet.control === "manual") findings.push(warning([...path, "control"], `no effect: ${BROUGHT_UP}`));
  return findings;
}

export const BROUGHT_UP = "nobody could bring the link up later; it is brought up at the boot";

/** Lengths that another one goes before: the address's, then prefix. */
function checkMasks(subnet: Subnet, network: string, path: Path): Finding[] {
  const length = Number(network.slice(network.indexOf("/") + 1));
  const family = network.includes(":") ? 6 : 4;
  return (["prefix", "netmask"] as const).flatMap((key) => {
    const mask = subnet[key];
    if (mask == null || parseNetmask(mask, family) === length) return [];
    return [warning([...path, key], `no effect: /${length} counts, of what goes before it`)];
  });
}
