// Version 1 of cloud-init's network configuration: a list of links, name servers and routes. Pure.
import * as v from "valibot";
import type { PlannedRoute } from "../../network/plan.ts";
import { nearestHint } from "../nearest.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import { type Draft, type DraftKind, type DraftLink, defaultDhcp, type Placed } from "./draft.ts";
import { readBondParameters, readBridgeParameters } from "./parameters.ts";
import { checkKeys, checkShape, itemsOf, sayValue } from "./shape.ts";
import {
  bondV1Names,
  bridgeV1Names,
  joinParams,
  unusedOfV1Bonds,
  unusedOfV1Bridges,
} from "./v1-parameters.ts";
import { readRoute, readSubnets, routeKeys } from "./v1-subnets.ts";
import { Domains, Flag, IpList, LinkMac, LinkName, Mtu, VlanId } from "./values.ts";

const linkTypes = ["physical", "vlan", "bond", "bridge"] as const;
type LinkType = (typeof linkTypes)[number];

const anyLink = {
  type: v.string(),
  name: LinkName,
  mac_address: v.nullish(LinkMac),
  mtu: v.nullish(Mtu),
  auto: v.nullish(Flag),
  wakeonlan: v.nullish(Flag),
  keep_configuration: v.nullish(Flag),
  "accept-ra": v.nullish(Flag),
  /** Read by hand, each with its place. */
  subnets: v.nullish(v.unknown()),
};
const Members = v.nullish(v.array(v.string()));
const schemas = {
  physical: v.object(anyLink),
  vlan: v.object({ ...anyLink, vlan_id: VlanId, vlan_link: v.string() }),
  bond: v.object({ ...anyLink, bond_interfaces: Members, params: v.nullish(v.unknown()) }),
  bridge: v.object({ ...anyLink, bridge_interfaces: Members, params: v.nullish(v.unknown()) }),
};
const Nameserver = v.object({
  type: v.string(),
  address: v.nullish(IpList),
  search: v.nullish(Domains),
  interface: v.nullish(v.string()),
});

/** `config` has been seen to be a list. */
export function readVersion1(config: unknown, path: Path): Draft {
  const { items, problems } = itemsOf(config, path);
  const links: DraftLink[] = [];
  const unreadable: string[] = [];
  const routes: Placed<PlannedRoute>[] = [];
  const servers: Placed<v.InferOutput<typeof Nameserver>>[] = [];
  for (const [item, place] of items) {
    const type = fieldOf(item, "type");
    if (linkTypes.includes(type as LinkType)) {
      const read = readLink(type as LinkType, item, place);
      problems.push(...read.problems);
      if (read.link === undefined) unreadable.push(String(fieldOf(item, "name")));
      else links.push(read.link);
    } else if (type === "nameserver") {
      const checked = checkShape(Nameserver, item, place);
      problems.push(...checked.problems, ...checkKeys(item, Object.keys(Nameserver.entries), {}, place));
      if (checked.value !== undefined) servers.push({ value: checked.value, path: place });
    } else if (type === "route") {
      const read = readRoute(item, place);
      problems.push(...read.problems, ...checkKeys(item, ["type", "id", ...routeKeys], {}, place));
      if (read.route !== undefined) routes.push({ value: read.route, path: place });
    } else problems.push(unknownType(item, type, place));
  }
  return { ...assignServers(links, unreadable, servers, problems), unreadable, routes, problems };
}

function unknownType(item: unknown, type: unknown, path: Path): Finding {
  if (typeof item !== "object" || item === null || Array.isArray(item))
    return error(path, `must be a mapping with a type, not ${sayValue(item)}`);
  if (type === undefined) return error([...path, "type"], "is missing", `one of ${allTypes.join(", ")}`);
  if (type === "infiniband") return error([...path, "type"], "InfiniBand isn't supported");
  if (type === "loopback")
    return error([...path, "type"], "the loopback link is the system's own", "leave it out");
  return error([...path, "type"], `unknown type ${sayValue(type)}`, nearestHint(String(type), allTypes));
}

const allTypes = [...linkTypes, "nameserver", "route"];

function readLink(type: LinkType, item: unknown, path: Path): { link?: DraftLink; problems: Finding[] } {
  const checked = checkShape<v.InferOutput<(typeof schemas)[LinkType]>>(schemas[type], item, path);
  const subnets = readSubnets(fieldOf(item, "subnets"), [...path, "subnets"]);
  const made = readKind(type, item, checked.value, path);
  const problems = [
    ...checked.problems,
    ...checkKeys(item, Object.keys(schemas[type].entries), {}, path),
    ...subnets.problems,
    ...made.problems,
  ];
  const common = checked.value;
  if (common === undefined || made.kind === undefined) return { problems };
  if (common.wakeonlan === true)
    problems.push(warning([...path, "wakeonlan"], "is not used: the card's own setting stays"));
  if (common.auto === false)
    problems.push(
      warning(
        [...path, "auto"],
        "is not used: nobody could bring the link up later; it is brought up at the boot",
      ),
    );
  const acceptRa = common["accept-ra"] ?? subnets.acceptRa;
  const mtu = common.mtu ?? subnets.mtu;
  const link: DraftLink = {
    id: common.name,
    path,
    kind: made.kind,
    ...(mtu == null ? {} : { mtu }),
    // Of a physical link it says which one is meant.
    ...(common.mac_address == null || type === "physical" ? {} : { macAddress: common.mac_address }),
    ...(acceptRa == null ? {} : { acceptRa }),
    dhcp4: subnets.dhcp4,
    dhcp: { ...defaultDhcp, ...(subnets.metric === undefined ? {} : { metric: subnets.metric }) },
    addresses: subnets.addresses,
    routes: subnets.routes,
    nameservers: subnets.nameservers,
    search: subnets.search,
    isOptional: subnets.isOptional,
  };
  return { link, problems };
}

function readKind(
  type: LinkType,
  item: unknown,
  checked: object | undefined,
  path: Path,
): { kind?: DraftKind; problems: readonly Finding[] } {
  if (type === "bond" || type === "bridge") {
    const params = joinParams(fieldOf(item, "params"));
    const place = [...path, "params"];
    const { parameters, problems } =
      type === "bond"
        ? readBondParameters(params, bondV1Names(params), unusedOfV1Bonds(params), place)
        : readBridgeParameters(params, bridgeV1Names(params), unusedOfV1Bridges(params), place);
    const key = `${type}_interfaces`;
    const names = ((checked as Record<string, unknown> | undefined)?.[key] ?? []) as readonly string[];
    const members = names.map((value, i) => ({ value, path: [...path, key, i] }));
    return { kind: { type, members, parameters }, problems };
  }
  if (checked === undefined) return { problems: [] };
  if (type === "vlan") {
    const { vlan_id: vlanId, vlan_link: value } = checked as v.InferOutput<typeof schemas.vlan>;
    return { kind: { type, vlanId, parent: { value, path: [...path, "vlan_link"] } }, problems: [] };
  }
  const { name, mac_address: macAddress } = checked as v.InferOutput<typeof schemas.physical>;
  if (macAddress == null) return { kind: { type, match: { name } }, problems: [] };
  return { kind: { type, match: { macAddress }, setName: name }, problems: [] };
}

/** A name server is for all links, unless it says for which. */
function assignServers(
  links: readonly DraftLink[],
  unreadable: readonly string[],
  servers: readonly Placed<v.InferOutput<typeof Nameserver>>[],
  problems: Finding[],
): Pick<Draft, "links" | "nameservers" | "search"> {
  for (const { value, path } of servers) {
    const of = value.interface;
    const ids = [...links.map(({ id }) => id), ...unreadable];
    if (of == null || ids.includes(of)) continue;
    problems.push(error([...path, "interface"], `there is no link "${of}"`, nearestHint(of, ids)));
  }
  const told = (id?: string) =>
    servers.flatMap(({ value }) => ((value.interface ?? undefined) === id ? value : []));
  return {
    links: links.map((link) => ({
      ...link,
      nameservers: [...link.nameservers, ...told(link.id).flatMap(({ address }) => address ?? [])],
      search: [...link.search, ...told(link.id).flatMap(({ search }) => search ?? [])],
    })),
    nameservers: told().flatMap(({ address }) => address ?? []),
    search: told().flatMap(({ search }) => search ?? []),
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
