// Subnets of version 1: how a link gets its addresses. Pure.
import * as v from "valibot";
import { parseIp, parseNetmask, unusableReason } from "../../network/addresses.ts";
import type { PlannedRoute } from "../../network/plan.ts";
import { error, type Finding, type Path, quoted, warning } from "../problems.ts";
import { ignored, listOf, mapping, maybe, refused, text } from "../schema/kinds.ts";
import type { Placed } from "./draft.ts";
import { complainingOfRoute, planRoute, routeKeys } from "./v1-routes.ts";
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
  readonly mtu?: number;
  readonly acceptRa?: true;
  readonly addresses: readonly Placed<string>[];
  readonly routes: readonly Placed<PlannedRoute>[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly isOptional: boolean;
}

export function planSubnets(all: readonly Subnet[], path: Path): PlannedSubnets {
  const dhcp = all.find((each) => kindOf(each) === "dhcp");
  const mtu = all.find((each) => each.mtu != null)?.mtu;
  return {
    dhcp4: dhcp !== undefined,
    ...(dhcp?.metric != null && { metric: dhcp.metric }),
    ...(mtu != null && { mtu }),
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
  const mask = bits ?? netmask ?? prefix;
  if (mask == null) return { value: `${written}/${found.family === 4 ? 24 : 64}`, isGuessed: true };
  const length = parseNetmask(mask, found.family);
  if (length !== undefined && length > 0) return { value: `${written}/${length}`, isGuessed: false };
  const key = bits !== undefined ? "address" : netmask == null ? "prefix" : "netmask";
  return { complaint: [key, `${quoted(mask)} is no netmask for IPv${found.family}`] };
}

function routesOf(subnet: Subnet, path: Path): Placed<PlannedRoute>[] {
  const { gateway, metric, routes } = subnet;
  const own = (routes ?? []).map((each, i) => ({ value: planRoute(each), path: [...path, "routes", i] }));
  if (gateway == null || kindOf(subnet) !== "static") return own;
  const to = parseIp(gateway)?.family === 6 ? "::/0" : "0.0.0.0/0";
  const value = { to, via: gateway, onLink: false, ...(metric != null && { metric }) };
  return [{ value, path: [...path, "gateway"] }, ...own];
}

/** Of what is right in itself, and means something else than one may think. */
export function checkSubnets(all: readonly Subnet[], path: Path): Finding[] {
  const isAlone = !all.some((each) => ["dhcp", "static"].includes(kindOf(each)));
  return all.flatMap((each, i) => checkSubnet(each, isAlone, [...path, i]));
}

function checkSubnet(subnet: Subnet, isAlone: boolean, path: Path): Finding[] {
  const kind = kindOf(subnet);
  const read = readAddress(subnet);
  const findings: Finding[] = [];
  if ("isGuessed" in read && read.isGuessed) {
    const length = read.value.slice(read.value.indexOf("/"));
    findings.push(warning([...path, "address"], `no netmask: ${length} is taken, as cloud-init does`));
  }
  if (kind === "dhcp6") {
    const reason = "there is no DHCPv6 client; addresses that routers announce are taken";
    const place = [...path, "type"];
    findings.push(
      isAlone
        ? error(place, `${reason}, but the engine needs IPv4`, "add a subnet of type dhcp4 or static")
        : warning(place, reason),
    );
  }
  for (const key of ["address", "gateway"] as const) {
    if (subnet[key] == null || kind === "static" || (kind === "manual" && key === "gateway")) continue;
    const hint = kind === "manual" ? "type: static" : undefined;
    findings.push(warning([...path, key], `no effect in a subnet of type ${subnet.type}`, hint));
  }
  if (subnet.control === "manual") findings.push(warning([...path, "control"], `no effect: ${BROUGHT_UP}`));
  return findings;
}

export const BROUGHT_UP = "nobody could bring the link up later; it is brought up at the boot";
