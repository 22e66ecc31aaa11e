// What no link shows alone: names, links made of links, addresses and gateways together. Pure.

import {
  formatIp,
  formatNetwork,
  isInNetwork,
  isSameIp,
  parseIp,
  parseNetwork,
} from "../../network/addresses.ts";
import { error, type Finding, warning } from "../problems.ts";
import { type Draft, type DraftLink, partsOf } from "./draft.ts";

/** Of what the links are and what they are made of: to be had even when something else in them is wrong. */
export function checkStructure({ links, unreadable }: Draft): Finding[] {
  return [
    ...checkNames(links),
    ...checkParts(links, unreadable),
    ...checkVlans(links),
    ...checkAddresses(links),
  ];
}

/** Whether all can be reached: only when nothing is missing. */
export function checkReach({ links, routes }: Draft): Finding[] {
  return [
    ...links.flatMap(checkRoutes),
    ...routes.flatMap(({ value, path }) =>
      value.via !== undefined && links.some((link) => isReachable(value.via, link))
        ? []
        : error(
            path,
            `no link has the gateway of ${value.to} in its network`,
            "write the route into its link's subnet",
          ),
    ),
    ...checkUse(links),
  ];
}

/** The links in the order in which they can be made, or those that wait for each other. */
export function orderLinks(links: readonly DraftLink[]): { ordered: DraftLink[]; cyclic: DraftLink[] } {
  const ordered: DraftLink[] = [];
  let rest = [...links];
  for (;;) {
    const isReady = (link: DraftLink) =>
      !partsOf(link).some(({ value }) => rest.some(({ id }) => id === value));
    const ready = rest.filter(isReady);
    if (ready.length === 0) return { ordered, cyclic: rest };
    ordered.push(...ready);
    rest = rest.filter((link) => !ready.includes(link));
  }
}

/** The name on the device, as far as the configuration decides on it. */
function nameOf({ id, kind }: DraftLink): string {
  return kind.type === "physical" ? (kind.setName ?? kind.match.name ?? id) : id;
}

function checkNames(links: readonly DraftLink[]): Finding[] {
  const problems: Finding[] = [];
  links.forEach((link, i) => {
    const before = links.slice(0, i);
    if (before.some(({ id }) => id === link.id))
      problems.push(error(link.path, `there are two links "${link.id}"`));
    else if (before.some((each) => nameOf(each) === nameOf(link)))
      problems.push(error(link.path, `two links would have the name "${nameOf(link)}"`));
    const mac = link.kind.type === "physical" ? link.kind.match.macAddress : undefined;
    const isTaken = (each: DraftLink) => each.kind.type === "physical" && each.kind.match.macAddress === mac;
    if (mac !== undefined && before.some(isTaken))
      problems.push(error(link.path, `two links are to be the one with the MAC address ${mac}`));
  });
  return problems;
}

function checkParts(links: readonly DraftLink[], unreadable: readonly string[]): Finding[] {
  const ids = [...links.map(({ id }) => id), ...unreadable];
  const problems: Finding[] = [];
  const ownerOf = new Map<string, string>();
  for (const link of links) {
    for (const { value, path } of partsOf(link)) {
      if (!ids.includes(value)) {
        const hint = `the links are ${ids.join(", ")}; a card needs an entry, too`;
        problems.push(error(path, `there is no link "${value}"`, hint));
      }
      if (link.kind.type === "vlan") continue;
      const owner = ownerOf.get(value);
      if (owner !== undefined) problems.push(error(path, `"${value}" is already part of "${owner}"`));
      else ownerOf.set(value, link.id);
    }
    if (link.kind.type === "bond" && link.kind.members.length === 0)
      problems.push(error(link.path, "a bond needs links that it is made of"));
    if (link.kind.type === "bond") problems.push(...checkPrimary(link));
  }
  for (const link of links) {
    const owner = ownerOf.get(link.id);
    if (owner !== undefined && (link.dhcp4 || link.addresses.length > 0))
      problems.push(
        error(
          link.path,
          `"${link.id}" is part of "${owner}": it can have no address`,
          `give the address to "${owner}"`,
        ),
      );
  }
  const { cyclic } = orderLinks(links);
  if (cyclic[0] !== undefined) {
    const names = cyclic.map(({ id }) => `"${id}"`).join(", ");
    problems.push(error(cyclic[0].path, `made of each other, in a circle: ${names}`));
  }
  return problems;
}

function checkPrimary({ kind, path }: DraftLink): Finding[] {
  if (kind.type !== "bond") return [];
  const primary = kind.parameters["primary"];
  if (primary === undefined || kind.members.some(({ value }) => value === primary)) return [];
  return [error(path, `the bond's primary "${primary}" is not part of it`)];
}

function checkVlans(links: readonly DraftLink[]): Finding[] {
  return links.flatMap((link, i) => {
    const { kind } = link;
    if (kind.type !== "vlan") return [];
    const parent = links.find(({ id }) => id === kind.parent.value);
    const isSame = ({ kind: other }: DraftLink) =>
      other.type === "vlan" && other.parent.value === kind.parent.value && other.vlanId === kind.vlanId;
    return [
      ...(links.slice(0, i).some(isSame)
        ? [error(link.path, `"${kind.parent.value}" has the VLAN ${kind.vlanId} already`)]
        : []),
      ...((link.mtu ?? 0) > (parent?.mtu ?? 1500)
        ? [warning(link.path, `mtu ${link.mtu} is more than that of "${kind.parent.value}"`)]
        : []),
    ];
  });
}

function checkAddresses(links: readonly DraftLink[]): Finding[] {
  const taken: { ip: string; id: string }[] = [];
  return links.flatMap(({ id, addresses }) =>
    addresses.flatMap(({ value, path }) => {
      const network = parseNetwork(value);
      if (network === undefined) return [];
      const ip = formatIp(network.ip);
      const other = taken.find((each) => each.ip === ip);
      taken.push({ ip, id });
      if (other !== undefined)
        return error(path, `"${value}" is given twice${other.id === id ? "" : `: to "${other.id}", too`}`);
      const isWide = network.ip.family === 4 && network.length < 31;
      if (isWide && formatNetwork(network) === `${ip}/${network.length}`)
        return warning(path, `"${value}" is the network itself, not an address in it`);
      const isLast = isWide && isBroadcast(network.ip.bytes, network.length);
      return isLast ? warning(path, `"${value}" is the broadcast address of its network`) : [];
    }),
  );
}

function isBroadcast(bytes: readonly number[], length: number): boolean {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return !bits.slice(length).includes("0");
}

function checkRoutes(link: DraftLink): Finding[] {
  return link.routes.flatMap(({ value: { to, via, onLink }, path }) => {
    const gateway = via === undefined ? undefined : parseIp(via);
    if (gateway === undefined)
      return onLink || !/\/0$/.test(to) ? [] : error(path, "the default route needs a gateway");
    if (parseNetwork(to)?.ip.family !== gateway.family)
      return error(path, `${to} and its gateway "${via}" are not of one family`);
    if (
      link.addresses.some(
        ({ value }) =>
          isSameIp(parseNetwork(value)?.ip ?? gateway, gateway) &&
          parseNetwork(value)?.ip.family === gateway.family,
      )
    )
      return error(path, `the gateway "${via}" is the link's own address`);
    if (onLink || isReachable(via, link)) return [];
    return warning(
      path,
      `the gateway "${via}" is in no network of "${link.id}"`,
      "on-link: true, if it is on the cable all the same",
    );
  });
}

/** With DHCP, nobody knows the network beforehand; every IPv6 link has fe80::/64. */
function isReachable(via: string | undefined, link: DraftLink): boolean {
  const gateway = via === undefined ? undefined : parseIp(via);
  if (gateway === undefined) return false;
  if (gateway.family === 4 && link.dhcp4) return true;
  if (gateway.family === 6 && gateway.bytes[0] === 0xfe && ((gateway.bytes[1] ?? 0) & 0xc0) === 0x80)
    return true;
  return link.addresses.some(({ value }) => {
    const network = parseNetwork(value);
    return network !== undefined && isInNetwork(gateway, network);
  });
}

const HOW = "links stand below ethernets in version 2, and in the list of config in version 1";

function checkUse(links: readonly DraftLink[]): Finding[] {
  const first = links[0];
  if (first === undefined) return [error([], "there is no link in it: nobody could reach the node", HOW)];
  const hasIpv4 = ({ dhcp4, addresses }: DraftLink) =>
    dhcp4 || addresses.some(({ value }) => parseNetwork(value)?.ip.family === 4);
  if (links.some(hasIpv4)) return [];
  return [
    error(
      first.path.slice(0, -1),
      "no link gets an IPv4 address: the engine needs one",
      "dhcp4: true, or addresses",
    ),
  ];
}
