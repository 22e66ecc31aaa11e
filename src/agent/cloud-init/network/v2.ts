// Version 2 of cloud-init's network configuration: netplan's, as far as this system has what it asks for. Pure.

import { parseIp } from "../../network/addresses.ts";
import type { PlannedLink } from "../../network/plan.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import { type Draft, type DraftKind, type DraftLink, defaultDhcp, type Placed } from "./draft.ts";
import {
  bondNames,
  bridgeNames,
  readBondParameters,
  readBridgeParameters,
  unusedOfBridges,
} from "./parameters.ts";
import { refusedKinds, unusedOfDhcp, unusedOfLinks } from "./refusals.ts";
import { checkKeys, checkShape, entriesOf, itemsOf } from "./shape.ts";
import { readRoutes } from "./v2-routes.ts";
import {
  anyLink,
  type Common,
  DhcpOverrides,
  type Ethernet,
  type Group,
  type Kind,
  kinds,
  Match,
  Nameservers,
  ownKeys,
  schemas,
  type Vlan,
} from "./v2-schemas.ts";
import { AddressText, LinkName } from "./values.ts";

/** `value` has been seen to be a mapping. */
export function readVersion2(value: Readonly<Record<string, unknown>>, path: Path): Draft {
  const problems = [
    ...checkKeys(value, ["version", "renderer", ...kinds], refusedKinds, path),
    ...checkRenderer(value["renderer"], [...path, "renderer"]),
  ];
  const unreadable: string[] = [];
  const links = kinds.flatMap((kind) => {
    const found = entriesOf(value[kind], [...path, kind]);
    problems.push(...found.problems);
    return found.entries.flatMap(([id, content, place]) => {
      const { link, problems: more } = readLink(kind, id, content, place);
      problems.push(...more);
      if (link === undefined) unreadable.push(id);
      return link ?? [];
    });
  });
  return { links, unreadable, nameservers: [], search: [], routes: [], problems };
}

function readLink(
  kind: Kind,
  id: string,
  content: unknown,
  path: Path,
): { link?: DraftLink; problems: Finding[] } {
  // "eth0:" alone is a link of which nothing is said.
  const checked = checkShape<Ethernet | Vlan | Group>(schemas[kind], content ?? {}, path);
  const problems: Finding[] = [...checked.problems, ...checkLinkKeys(kind, content, path)];
  const isNamed = kind === "ethernets" ? undefined : checkShape(LinkName, id, path);
  problems.push(...(isNamed?.problems ?? []));
  const addresses = readAddresses(content, path);
  const routes = readRoutes(fieldOf(content, "routes"), [...path, "routes"]);
  problems.push(...addresses.problems, ...routes.problems);
  const made = readKind(kind, id, content, checked.value, path);
  problems.push(...made.problems);
  const common = checked.value;
  if (common === undefined || made.kind === undefined) return { problems };
  problems.push(...complaints(common, addresses.addresses.length > 0, path));
  const link: DraftLink = {
    id,
    path,
    kind: made.kind,
    ...(common.mtu == null ? {} : { mtu: common.mtu }),
    ...(common.macaddress == null ? {} : { macAddress: common.macaddress }),
    dhcp4: common.dhcp4 ?? false,
    dhcp: dhcpOf(common),
    ...acceptRaOf(common),
    addresses: addresses.addresses,
    routes: [...gatewayRoutes(common, path), ...routes.routes],
    nameservers: common.nameservers?.addresses ?? [],
    search: common.nameservers?.search ?? [],
    isOptional: common.optional ?? false,
  };
  return { link, problems };
}

function readKind(
  kind: Kind,
  id: string,
  content: unknown,
  checked: object | undefined,
  path: Path,
): { kind?: DraftKind; problems: readonly Finding[] } {
  const place = [...path, "parameters"];
  if (kind === "bonds" || kind === "bridges") {
    const given = fieldOf(content, "parameters");
    const { parameters, problems } =
      kind === "bonds"
        ? readBondParameters(given, bondNames, {}, place)
        : readBridgeParameters(given, bridgeNames, unusedOfBridges, place);
    const { interfaces } = (checked ?? {}) as Group;
    const type = kind === "bonds" ? "bond" : "bridge";
    const placed = (interfaces ?? []).map((value, i) => ({ value, path: [...path, "interfaces", i] }));
    return { kind: { type, members: placed, parameters }, problems };
  }
  if (checked === undefined) return { problems: [] };
  if (kind === "vlans") {
    const { id: vlanId, link } = checked as Vlan;
    return { kind: { type: "vlan", vlanId, parent: { value: link, path: [...path, "link"] } }, problems: [] };
  }
  const { match, "set-name": setName } = checked as Ethernet;
  const rename = setName == null ? {} : { setName };
  if (match == null) {
    const noMatch = error(
      [...path, "set-name"],
      "a link is renamed only with match",
      "say which one: match: {macaddress: …}",
    );
    return { kind: { type: "physical", match: { name: id } }, problems: setName == null ? [] : [noMatch] };
  }
  return {
    kind: {
      type: "physical",
      match: {
        ...(match.macaddress == null ? {} : { macAddress: match.macaddress }),
        ...(match.name == null ? {} : { name: match.name }),
        ...(match.driver == null ? {} : { driver: match.driver }),
      },
      ...rename,
    },
    problems: [],
  };
}

function checkLinkKeys(kind: Kind, content: unknown, path: Path): Finding[] {
  const overrides = fieldOf(content, "dhcp4-overrides");
  const problems = [
    ...checkKeys(content, [...Object.keys(anyLink), ...Object.keys(ownKeys[kind])], unusedOfLinks, path),
    ...checkKeys(fieldOf(content, "match"), Object.keys(Match.entries), {}, [...path, "match"]),
    ...checkKeys(fieldOf(content, "nameservers"), Object.keys(Nameservers.entries), {}, [
      ...path,
      "nameservers",
    ]),
    ...checkKeys(overrides, Object.keys(DhcpOverrides.entries), unusedOfDhcp, [...path, "dhcp4-overrides"]),
  ];
  // What is off anyway may be switched off.
  return problems.filter(({ path: [...place] }) => {
    const key = String(place[place.length - 1]);
    return !(key in unusedOfDhcp) || fieldOf(overrides, key) !== false;
  });
}

function checkRenderer(renderer: unknown, path: Path): Finding[] {
  if (renderer === undefined || renderer === null || renderer === "networkd") return [];
  return [warning(path, `renderer "${String(renderer)}" is not used: the system sets its links up itself`)];
}

/** Of what is right in itself, and means something else than one may think. */
function complaints(common: Common & object, hasAddress: boolean, path: Path): Finding[] {
  const problems = checkRenderer(common.renderer, [...path, "renderer"]);
  if (common.dhcp6 === true) {
    const place = [...path, "dhcp6"];
    const reason = "there is no DHCPv6 client; addresses that routers announce are taken";
    const isAlone = common.dhcp4 !== true && !hasAddress;
    problems.push(
      isAlone
        ? error(place, `${reason}, but the engine needs IPv4`, "add dhcp4: true, or addresses")
        : warning(place, reason),
    );
  }
  if ("wakeonlan" in common && common.wakeonlan === true)
    problems.push(warning([...path, "wakeonlan"], "is not used: the card's own setting stays"));
  if (common["link-local"] != null && !isKernelsWay(common["link-local"]))
    problems.push(
      warning(
        [...path, "link-local"],
        "is not used: each link has its IPv6 link-local address, and none of IPv4",
      ),
    );
  const identifier = common["dhcp-identifier"];
  if (identifier != null && identifier !== "mac")
    problems.push(
      warning(
        [...path, "dhcp-identifier"],
        `"${identifier}" is not used: the DHCP client tells its MAC address`,
      ),
    );
  return problems;
}

function isKernelsWay(families: readonly string[]): boolean {
  return families.length === 1 && families[0] === "ipv6";
}

function dhcpOf(common: Common): PlannedLink["dhcp"] {
  const overrides = common["dhcp4-overrides"] ?? {};
  return {
    useRoutes: overrides["use-routes"] ?? defaultDhcp.useRoutes,
    useDns: overrides["use-dns"] ?? defaultDhcp.useDns,
    ...(overrides["use-domains"] == null ? {} : { useDomains: overrides["use-domains"] }),
    ...(overrides["use-ntp"] == null ? {} : { useNtp: overrides["use-ntp"] }),
    ...(overrides["route-metric"] == null ? {} : { metric: overrides["route-metric"] }),
  };
}

/** What DHCPv6 is wanted for, routers often announce, too. */
function acceptRaOf({ "accept-ra": said, dhcp6 }: Common): { acceptRa?: boolean } {
  if (said != null) return { acceptRa: said };
  return dhcp6 === true ? { acceptRa: true } : {};
}

function gatewayRoutes(common: Common, path: Path): Placed<PlannedLink["routes"][number]>[] {
  return (["gateway4", "gateway6"] as const).flatMap((key) => {
    const via = common[key];
    if (via == null) return [];
    const to = parseIp(via)?.family === 6 ? "::/0" : "0.0.0.0/0";
    return [{ value: { to, via, onLink: false }, path: [...path, key] }];
  });
}

/** "10.0.0.9/24", or a mapping of one such text to its label and lifetime. */
function readAddresses(content: unknown, path: Path): { addresses: Placed<string>[]; problems: Finding[] } {
  const { items, problems } = itemsOf(fieldOf(content, "addresses"), [...path, "addresses"]);
  const addresses: Placed<string>[] = [];
  for (const [item, place] of items) {
    const [pair, ...more] = typeof item === "object" && item !== null ? Object.entries(item) : [];
    const text = pair === undefined || more.length > 0 ? item : pair[0];
    const checked = checkShape(AddressText, text, place);
    problems.push(...checked.problems);
    if (checked.value !== undefined) addresses.push({ value: checked.value, path: place });
    if (pair !== undefined) problems.push(...checkKeys(pair[1], [], unusedOfAddresses, [...place, pair[0]]));
  }
  return { addresses, problems };
}

const unusedOfAddresses = {
  label: { reason: "is not used: an address has no name" },
  lifetime: { reason: "is not used: an address stays" },
};

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
