// Version 1 of cloud-init's network configuration, read into a draft. Pure.
import * as v from "valibot";
import { type Located, plainValue } from "../located.ts";
import { nearestHint } from "../nearest.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import { validate } from "../validate.ts";
import { type Draft, type DraftKind, type DraftLink, defaultDhcp, type Placed } from "./draft.ts";
import { readPart } from "./parts.ts";
import { planParams } from "./v1-parameters.ts";
import { checkRoute, planRoute } from "./v1-routes.ts";
import { type Item, item, keysOfParams, type LinkItem, type Nameserver, network1 } from "./v1-schemas.ts";
import { checkSubnets, planSubnets } from "./v1-subnets.ts";
import { linkName } from "./values.ts";

const linkTypes = ["physical", "vlan", "bond", "bridge"];

export function readVersion1(root: Located): Draft {
  const { output, findings } = validate(network1(root), root);
  const items = output?.config ?? readItems(root);
  const problems = [...findings];
  const placed = items.flatMap((value, i) => (value === undefined ? [] : { value, path: ["config", i] }));
  const links = placed.flatMap(({ value, path }) => {
    if (!isLink(value)) return [];
    const { link, problems: more } = draftLink(value, path);
    problems.push(...more);
    return link;
  });
  const servers = placed.flatMap(({ value, path }) => (value.type === "nameserver" ? { value, path } : []));
  const routes = placed.flatMap(({ value, path }) =>
    value.type === "route" ? { value: planRoute(value), path } : [],
  );
  for (const { value, path } of placed) if (value.type === "route") problems.push(...checkRoute(value, path));
  const unreadable = output === undefined ? namesOfUnread(root, items) : [];
  const all = [...links, ...placeholders(links, unreadable)];
  return { ...assignServers(all, unreadable, servers, problems), unreadable, routes, problems };
}

/** A card that is only named as a part of a bond or a bridge needs no entry. */
function placeholders(links: readonly DraftLink[], unreadable: readonly string[]): DraftLink[] {
  const known = new Set([...links.map(({ id }) => id), ...unreadable]);
  return links.flatMap(({ kind }) => {
    if (kind.type !== "bond" && kind.type !== "bridge") return [];
    return kind.members.flatMap(({ value: id, path }): DraftLink[] => {
      if (known.has(id) || !v.is(linkName, id)) return [];
      known.add(id);
      return [
        {
          ...{ id, path, kind: { type: "physical", match: { name: id } } },
          ...{ dhcp4: false, dhcp: defaultDhcp, isOptional: false },
          ...{ addresses: [], routes: [], nameservers: [], search: [] },
        },
      ];
    });
  });
}

/** Of a list with mistakes in it, the entries that can be read, each at its place. */
function readItems(root: Located): (Item | undefined)[] {
  const schema = item({ bond: keysOfParams(root, "bond"), bridge: keysOfParams(root, "bridge") });
  return configOf(root).map((each) => readPart(schema, each));
}

function configOf(root: Located): readonly unknown[] {
  const { config } = plainValue(root) as { readonly config?: unknown };
  return Array.isArray(config) ? config : [];
}

function namesOfUnread(root: Located, items: readonly (Item | undefined)[]): string[] {
  return configOf(root).flatMap((each, i) => {
    const { type, name } = Object(each) as { readonly type?: unknown; readonly name?: unknown };
    return items[i] === undefined && linkTypes.includes(String(type)) ? String(name) : [];
  });
}

function isLink(value: Item): value is LinkItem {
  return linkTypes.includes(value.type);
}

function draftLink(link: LinkItem, path: Path): { link: DraftLink; problems: Finding[] } {
  const subnets = planSubnets(link.subnets ?? [], [...path, "subnets"]);
  const { kind, findings } = draftKind(link, path);
  const mtu = subnets.mtu ?? link.mtu ?? subnets.dhcpMtu;
  const other = link.mtu != null && mtu !== link.mtu;
  const idle = other ? [warning([...path, "mtu"], "no effect: that of its subnet counts")] : [];
  const acceptRa = link["accept-ra"] ?? subnets.acceptRa;
  return {
    link: {
      id: link.name,
      path,
      kind,
      ...(mtu != null && { mtu }),
      // Of a physical link it says which one is meant.
      ...(link.mac_address != null && link.type !== "physical" && { macAddress: link.mac_address }),
      ...(acceptRa != null && { acceptRa }),
      dhcp4: subnets.dhcp4,
      dhcp: { ...defaultDhcp, ...(subnets.metric !== undefined && { metric: subnets.metric }) },
      addresses: subnets.addresses,
      routes: subnets.routes,
      nameservers: subnets.nameservers,
      search: subnets.search,
      isOptional: link.optional ?? subnets.isOptional,
    },
    problems: [...findings, ...idle, ...checkSubnets(link.subnets ?? [], [...path, "subnets"])],
  };
}

function draftKind(link: LinkItem, path: Path): { kind: DraftKind; findings: readonly Finding[] } {
  const membersOf = (key: string, names: readonly string[] | null | undefined) =>
    (names ?? []).map((value, i) => ({ value, path: [...path, key, i] }));
  switch (link.type) {
    case "physical": {
      const { name, mac_address: macAddress } = link;
      const match = macAddress == null ? { name } : { macAddress };
      const kind = { type: link.type, match, ...(macAddress != null && { setName: name }) };
      return { kind, findings: [] };
    }
    case "vlan": {
      const parent = { value: link.vlan_link, path: [...path, "vlan_link"] };
      return { kind: { type: link.type, vlanId: link.vlan_id, parent }, findings: [] };
    }
    case "bond":
    case "bridge": {
      const members =
        link.type === "bond"
          ? membersOf("bond_interfaces", link.bond_interfaces)
          : membersOf("bridge_interfaces", link.bridge_interfaces);
      const { parameters, findings } = planParams(link.type, link.params, [...path, "params"]);
      return { kind: { type: link.type, members, parameters }, findings };
    }
  }
}

/** A name server is for all links, unless it says for which. */
function assignServers(
  links: readonly DraftLink[],
  unreadable: readonly string[],
  servers: readonly Placed<Nameserver>[],
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
