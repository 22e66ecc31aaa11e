// Subnets and routes of version 1. Pure.
import * as v from "valibot";
import { parseIp, parseNetmask, unusableReason } from "../../network/addresses.ts";
import type { PlannedRoute } from "../../network/plan.ts";
import { nearestHint } from "../nearest.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import type { Placed } from "./draft.ts";
import { checkKeys, checkShape, itemsOf, own, sayValue, type Unused } from "./shape.ts";
import { destinationOf } from "./v2-routes.ts";
import { Domains, Flag, IpList, IpText, Metric, Mtu } from "./values.ts";

export interface Subnets {
  readonly dhcp4: boolean;
  readonly metric?: number;
  readonly mtu?: number;
  readonly acceptRa?: true;
  readonly addresses: readonly Placed<string>[];
  readonly routes: readonly Placed<PlannedRoute>[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly isOptional: boolean;
  readonly problems: readonly Finding[];
}

const types: Readonly<Record<string, "dhcp" | "static" | "manual" | "slaac" | "dhcp6">> = {
  dhcp: "dhcp",
  dhcp4: "dhcp",
  static: "static",
  static6: "static",
  manual: "manual",
  dhcp6: "dhcp6",
  ipv6_slaac: "slaac",
  "ipv6_dhcpv6-stateless": "slaac",
  "ipv6_dhcpv6-stateful": "dhcp6",
};

const Subnet = v.object({
  type: v.string(),
  control: v.nullish(v.picklist(["auto", "manual", "hotplug"])),
  address: v.nullish(v.string()),
  netmask: v.nullish(v.union([v.string(), v.number()])),
  prefix: v.nullish(v.union([v.string(), v.number()])),
  gateway: v.nullish(IpText),
  metric: v.nullish(Metric),
  mtu: v.nullish(Mtu),
  dns_nameservers: v.nullish(IpList),
  dns_search: v.nullish(Domains),
  ipv4: v.nullish(Flag),
  ipv6: v.nullish(Flag),
  /** Read by hand, each with its place. */
  routes: v.nullish(v.unknown()),
});
type Subnet = v.InferOutput<typeof Subnet>;

const kindOf = ({ type }: Subnet) => own(types, type);

const unusedOfSubnets: Unused = {
  broadcast: { reason: "is not used: the kernel knows it from the netmask" },
  scope: { reason: "is not used: every address is global" },
  pointopoint: { reason: "point-to-point addresses aren't supported", isError: true },
};

export function readSubnets(value: unknown, path: Path): Subnets {
  const { items, problems } = itemsOf(value, path);
  const all: Finding[] = [...problems];
  const read = items.flatMap(([item, place]) => {
    const checked = checkShape(Subnet, item, place);
    all.push(...checked.problems, ...checkKeys(item, Object.keys(Subnet.entries), unusedOfSubnets, place));
    const routes = readSubnetRoutes(item, place);
    all.push(...routes.problems);
    return checked.value === undefined ? [] : { subnet: checked.value, place, routes: routes.routes };
  });
  const addresses: Placed<string>[] = [];
  for (const { subnet, place } of read) {
    const { address, problems: more } = readSubnet(subnet, place);
    all.push(...more);
    if (address !== undefined) addresses.push(address);
  }
  const alone = !read.some(({ subnet }) => kindOf(subnet) === "dhcp" || kindOf(subnet) === "static");
  const dhcp = read.find(({ subnet }) => kindOf(subnet) === "dhcp")?.subnet;
  const mtu = read.find(({ subnet }) => subnet.mtu != null)?.subnet.mtu;
  return {
    dhcp4: dhcp !== undefined,
    ...(dhcp?.metric == null ? {} : { metric: dhcp.metric }),
    ...(mtu == null ? {} : { mtu }),
    ...(read.some(({ subnet }) => /slaac|dhcp6/.test(kindOf(subnet) ?? "")) ? { acceptRa: true } : {}),
    addresses,
    routes: read.flatMap(({ subnet, place, routes }) => [...gatewayOf(subnet, place), ...routes]),
    nameservers: read.flatMap(({ subnet }) => subnet.dns_nameservers ?? []),
    search: read.flatMap(({ subnet }) => subnet.dns_search ?? []),
    isOptional: read.some(({ subnet }) => subnet.control === "hotplug"),
    problems: [...all, ...read.flatMap(({ subnet, place }) => complaints(subnet, alone, place))],
  };
}

function readSubnet(subnet: Subnet, path: Path): { address?: Placed<string>; problems: Finding[] } {
  if (kindOf(subnet) !== "static") return { problems: [] };
  const place = [...path, "address"];
  if (subnet.address == null) return { problems: [error(place, "is missing")] };
  const [text = "", bits] = subnet.address.split("/");
  const ip = parseIp(text);
  if (ip === undefined)
    return { problems: [error(place, `must be an IPv4 or IPv6 address, not "${subnet.address}"`)] };
  const unusable = unusableReason(ip);
  if (unusable !== undefined)
    return { problems: [error(place, `no link can have the address "${text}": it ${unusable}`)] };
  const mask = bits ?? subnet.netmask ?? subnet.prefix;
  if (mask == null) {
    const length = ip.family === 4 ? 24 : 64;
    const usual = warning(place, `no netmask: /${length} is taken, as cloud-init does`);
    return { address: { value: `${text}/${length}`, path: place }, problems: [usual] };
  }
  const length = parseNetmask(mask, ip.family);
  const key = bits !== undefined ? "address" : subnet.netmask == null ? "prefix" : "netmask";
  if (length === undefined || length === 0)
    return { problems: [error([...path, key], `${sayValue(mask)} is no netmask for IPv${ip.family}`)] };
  return { address: { value: `${text}/${length}`, path: place }, problems: [] };
}

function complaints(subnet: Subnet, isAlone: boolean, path: Path): Finding[] {
  const kind = kindOf(subnet);
  const problems: Finding[] = [];
  if (kind === undefined)
    problems.push(
      error([...path, "type"], `unknown type "${subnet.type}"`, nearestHint(subnet.type, Object.keys(types))),
    );
  if (kind === "dhcp6") {
    const reason = "there is no DHCPv6 client; addresses that routers announce are taken";
    const place = [...path, "type"];
    problems.push(
      isAlone
        ? error(place, `${reason}, but the engine needs IPv4`, "add a subnet of type dhcp4 or static")
        : warning(place, reason),
    );
  }
  if (kind !== "static" && kind !== undefined) {
    for (const key of ["address", "gateway"] as const)
      if (subnet[key] != null && kind !== "manual")
        problems.push(warning([...path, key], `is not used by a subnet of type ${subnet.type}`));
  }
  if (kind === "manual" && subnet.address != null)
    problems.push(warning([...path, "address"], "is not used by a subnet of type manual", "type: static"));
  if (subnet.control === "manual")
    problems.push(
      warning(
        [...path, "control"],
        "is not used: nobody could bring the link up later; it is brought up at the boot",
      ),
    );
  return problems;
}

function gatewayOf(subnet: Subnet, path: Path): Placed<PlannedRoute>[] {
  if (subnet.gateway == null || kindOf(subnet) !== "static") return [];
  const to = parseIp(subnet.gateway)?.family === 6 ? "::/0" : "0.0.0.0/0";
  const metric = subnet.metric == null ? {} : { metric: subnet.metric };
  return [{ value: { to, via: subnet.gateway, onLink: false, ...metric }, path: [...path, "gateway"] }];
}

function readSubnetRoutes(
  item: unknown,
  path: Path,
): { routes: Placed<PlannedRoute>[]; problems: Finding[] } {
  const given =
    typeof item === "object" && item !== null ? (item as Record<string, unknown>)["routes"] : undefined;
  const { items, problems } = itemsOf(given, [...path, "routes"]);
  const routes: Placed<PlannedRoute>[] = [];
  for (const [each, place] of items) {
    const read = readRoute(each, place);
    problems.push(...read.problems, ...checkKeys(each, routeKeys, {}, place));
    if (read.route !== undefined) routes.push({ value: read.route, path: place });
  }
  return { routes, problems };
}

const Route = v.object({
  destination: v.nullish(v.string()),
  network: v.nullish(v.string()),
  netmask: v.nullish(v.union([v.string(), v.number()])),
  prefix: v.nullish(v.union([v.string(), v.number()])),
  gateway: v.nullish(IpText),
  metric: v.nullish(Metric),
});

export const routeKeys = Object.keys(Route.entries);

export function readRoute(value: unknown, path: Path): { route?: PlannedRoute; problems: Finding[] } {
  const { value: route, problems } = checkShape(Route, value, path);
  if (route === undefined) return { problems: [...problems] };
  const text = route.destination ?? route.network;
  const key = route.destination == null && route.network != null ? "network" : "destination";
  if (text == null) return { problems: [...problems, error([...path, key], "is missing")] };
  const mask = route.netmask ?? route.prefix;
  const ip = parseIp(text);
  const length = ip === undefined || mask == null ? undefined : parseNetmask(mask, ip.family);
  if (ip !== undefined && mask != null && length === undefined)
    return {
      problems: [
        ...problems,
        error([...path, "netmask"], `${sayValue(mask)} is no netmask for IPv${ip.family}`),
      ],
    };
  const isDefault = ip?.bytes.every((byte) => byte === 0) === true && mask == null;
  const network = isDefault ? `${text}/0` : length === undefined ? text : `${text}/${length}`;
  const to = destinationOf(network, route.gateway ?? undefined);
  if (typeof to !== "string")
    return { problems: [...problems, error([...path, key], to.complaint, to.hint)] };
  const metric = route.metric == null ? {} : { metric: route.metric };
  const via = route.gateway == null ? {} : { via: route.gateway };
  return { route: { to, ...via, ...metric, onLink: false }, problems: [...problems] };
}
