// Version 2 of cloud-init's network configuration, read into a draft. Pure.
import { parseIp } from "../../network/addresses.ts";
import type { PlannedLink } from "../../network/plan.ts";
import { type Located, plainValue } from "../located.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import { validate } from "../validate.ts";
import { planBond } from "./bonds.ts";
import { planBridge } from "./bridges.ts";
import { type Draft, type DraftKind, type DraftLink, defaultDhcp, type Placed } from "./draft.ts";
import { readPart } from "./parts.ts";
import { planRoute } from "./v2-routes.ts";
import {
  type Bond,
  type Bridge,
  type Common,
  type Ethernet,
  type Kind,
  kinds,
  linkSchemas,
  network2,
  type Vlan,
} from "./v2-schemas.ts";

type Links = {
  readonly [K in Kind]?: Readonly<Record<string, LinkOf[K] | null | undefined>> | null | undefined;
};
interface LinkOf {
  readonly ethernets: Ethernet;
  readonly vlans: Vlan;
  readonly bonds: Bond;
  readonly bridges: Bridge;
}

export function readVersion2(root: Located): Draft {
  const { output, findings } = validate(network2(root), root);
  const written: Links = output ?? readLinks(root);
  const problems = [...findings];
  const links: DraftLink[] = [];
  const add = (id: string, common: Common, path: Path, drafted: DraftedKind) => {
    links.push(draftLink(id, common, drafted.kind, path));
    problems.push(...(drafted.findings ?? []), ...checkLink(common, path));
  };
  for (const [id, link] of Object.entries(written.ethernets ?? {}))
    add(id, link ?? {}, ["ethernets", id], draftEthernet(id, link ?? {}, ["ethernets", id]));
  for (const [id, link] of Object.entries(written.vlans ?? {}))
    if (link != null) add(id, link, ["vlans", id], draftVlan(link, ["vlans", id]));
  for (const [id, link] of Object.entries(written.bonds ?? {}))
    add(id, link ?? {}, ["bonds", id], draftBond(link ?? {}, ["bonds", id]));
  for (const [id, link] of Object.entries(written.bridges ?? {}))
    add(id, link ?? {}, ["bridges", id], draftBridge(link ?? {}, ["bridges", id]));
  const unreadable = output === undefined ? namesOfUnread(root, written) : [];
  return { links, unreadable, nameservers: [], search: [], routes: [], problems };
}

/** Of a network with mistakes in it, the links that can be read. */
function readLinks(root: Located): Links {
  const read = <K extends Kind>(kind: K, schema: Parameters<typeof readPart<LinkOf[K]>>[0]) =>
    Object.fromEntries(
      entriesOf(root, kind).flatMap(([id, value]) => {
        const link = readPart(schema, value ?? {});
        return link === undefined ? [] : [[id, link]];
      }),
    );
  return {
    ethernets: read("ethernets", linkSchemas.ethernets()),
    vlans: read("vlans", linkSchemas.vlans()),
    bonds: read("bonds", linkSchemas.bonds()),
    bridges: read("bridges", linkSchemas.bridges()),
  };
}

function entriesOf(root: Located, kind: Kind): [string, unknown][] {
  const links = (Object(plainValue(root)) as Readonly<Record<string, unknown>>)[kind];
  return typeof links === "object" && links !== null && !Array.isArray(links) ? Object.entries(links) : [];
}

function namesOfUnread(root: Located, written: Links): string[] {
  return kinds.flatMap((kind) =>
    entriesOf(root, kind).flatMap(([id]) => (Object.hasOwn(written[kind] ?? {}, id) ? [] : id)),
  );
}

interface DraftedKind {
  readonly kind: DraftKind;
  readonly findings?: readonly Finding[];
}

function draftEthernet(id: string, { match, "set-name": setName }: Ethernet, path: Path): DraftedKind {
  if (match == null) {
    const kind: DraftKind = { type: "physical", match: { name: id } };
    if (setName == null) return { kind };
    const hint = "say which one: match: {macaddress: …}";
    return { kind, findings: [error([...path, "set-name"], "a link is renamed only with match", hint)] };
  }
  const { macaddress, name, driver } = match;
  return {
    kind: {
      type: "physical",
      match: {
        ...(macaddress != null && { macAddress: macaddress }),
        ...(name != null && { name }),
        ...(driver != null && { driver: driver.join(" ") }),
      },
      ...(setName != null && { setName }),
    },
  };
}

function draftVlan({ id, link }: Vlan, path: Path): DraftedKind {
  return { kind: { type: "vlan", vlanId: id, parent: { value: link, path: [...path, "link"] } } };
}

function draftBond({ interfaces, parameters: written }: Bond, path: Path): DraftedKind {
  const { parameters, findings } = planBond(written, [...path, "parameters"]);
  return { kind: { type: "bond", members: membersOf(interfaces, path), parameters }, findings };
}

function draftBridge({ interfaces, parameters }: Bridge, path: Path): DraftedKind {
  return {
    kind: { type: "bridge", members: membersOf(interfaces, path), parameters: planBridge(parameters) },
  };
}

function membersOf(names: readonly string[] | null | undefined, path: Path): Placed<string>[] {
  return (names ?? []).map((value, i) => ({ value, path: [...path, "interfaces", i] }));
}

function draftLink(id: string, common: Common, kind: DraftKind, path: Path): DraftLink {
  const { "accept-ra": acceptRa = common.dhcp6 === true ? true : undefined } = common;
  return {
    id,
    path,
    kind,
    ...(common.mtu != null && { mtu: common.mtu }),
    ...(common.macaddress != null && { macAddress: common.macaddress }),
    dhcp4: common.dhcp4 ?? false,
    dhcp: dhcpOf(common),
    // What DHCPv6 is wanted for, routers often announce, too.
    ...(acceptRa != null && { acceptRa }),
    addresses: (common.addresses ?? []).map((value, i) => ({ value, path: [...path, "addresses", i] })),
    routes: [
      ...gatewayRoutes(common, path),
      ...(common.routes ?? []).map((each, i) => ({ value: planRoute(each), path: [...path, "routes", i] })),
    ],
    nameservers: common.nameservers?.addresses ?? [],
    search: common.nameservers?.search ?? [],
    isOptional: common.optional ?? false,
  };
}

/** Of what is right in itself, and means something else than one may think. */
function checkLink(common: Common, path: Path): Finding[] {
  const findings: Finding[] = [];
  if (common.dhcp6 === true) {
    const reason = "there is no DHCPv6 client; addresses that routers announce are taken";
    findings.push(warning([...path, "dhcp6"], reason));
  }
  const families = common["link-local"];
  if (families != null && families.join() !== "ipv6") {
    const message = "no effect: each link has its IPv6 link-local address, and none of IPv4";
    findings.push(warning([...path, "link-local"], message));
  }
  return findings;
}

function dhcpOf(common: Common): PlannedLink["dhcp"] {
  const overrides = common["dhcp4-overrides"] ?? {};
  return {
    useRoutes: overrides["use-routes"] ?? defaultDhcp.useRoutes,
    useDns: overrides["use-dns"] ?? defaultDhcp.useDns,
    ...(overrides["use-domains"] != null && { useDomains: overrides["use-domains"] }),
    ...(overrides["use-ntp"] != null && { useNtp: overrides["use-ntp"] }),
    ...(overrides["route-metric"] != null && { metric: overrides["route-metric"] }),
  };
}

function gatewayRoutes(common: Common, path: Path): Placed<PlannedLink["routes"][number]>[] {
  return (["gateway4", "gateway6"] as const).flatMap((key) => {
    const via = common[key];
    if (via == null) return [];
    const to = parseIp(via)?.family === 6 ? "::/0" : "0.0.0.0/0";
    return [{ value: { to, via, onLink: false }, path: [...path, key] }];
  });
}
