// Version 2 of cloud-init's network configuration: netplan's, with what netplan has and this system hasn't, and why.
import * as v from "valibot";
import { MAX_PATTERN } from "../../network/plan.ts";
import { keysOf, type Located } from "../located.ts";
import { ignoredUnless } from "../schema/key-notes.ts";
import { anything, type KeyTable, listOf, makeKeys, mapping, maybe, named } from "../schema/kinds.ts";
import { bondParameters } from "./bonds.ts";
import { bridgeParameters } from "./bridges.ts";
import { addresses, dhcpOverrides, nameservers } from "./v2-addresses.ts";
import { refusedKinds, unusedOfLinks } from "./v2-refusals.ts";
import { routes } from "./v2-routes.ts";
import {
  described,
  flag,
  ip4,
  ip6,
  linkId,
  linkMac,
  linkName,
  mac,
  mtu,
  textOrTexts,
  vlanId,
} from "./values.ts";

export const kinds = ["ethernets", "vlans", "bonds", "bridges"] as const;
export type Kind = (typeof kinds)[number];

const renderer = () => ignoredUnless("networkd", anything, "the system sets its links up itself");

/** What all kinds of links take. */
const common = {
  renderer,
  dhcp4: () => described(maybe(flag), "Get an IPv4 address by DHCP; no when missing."),
  dhcp6: () => described(maybe(flag), "There is no DHCPv6 client; takes addresses that routers announce."),
  "dhcp4-overrides": () => described(maybe(dhcpOverrides()), "What of a DHCP server's answer counts."),
  "dhcp-identifier": () =>
    ignoredUnless(
      "mac",
      maybe(v.string("mac, or another identifier")),
      "the DHCP client tells its MAC address",
    ),
  "accept-ra": () => described(maybe(flag), "Take an IPv6 address that routers announce."),
  "link-local": () =>
    described(
      maybe(listOf(v.picklist(["ipv4", "ipv6"], '"ipv4" or "ipv6"'), "a list of ipv4 and ipv6")),
      "Each link has its IPv6 link-local address, and none of IPv4.",
    ),
  critical: () => described(maybe(flag), "An address is never given back; not needed."),
  optional: () => described(maybe(flag), "A boot needn't wait for it."),
  mtu: () => described(maybe(mtu), "The longest packet, in bytes."),
  macaddress: () => described(maybe(linkMac), "The link's MAC address from now on."),
  gateway4: () => described(maybe(ip4), "The default gateway, as older files have it; better: routes."),
  gateway6: () => described(maybe(ip6), "The default gateway of IPv6, as older files have it."),
  nameservers: () => described(maybe(nameservers()), "Name servers, and domains to search in."),
  addresses: () => described(maybe(addresses()), "Addresses with the length of their network: 10.0.0.9/24."),
  routes: () => described(maybe(routes()), "Where packets go that aren't for the link's own network."),
  ...unusedOfLinks,
} satisfies KeyTable;

const pattern = (what: string) =>
  v.pipe(v.string(what), v.maxLength(MAX_PATTERN, `${what} of ${MAX_PATTERN} characters at most`));

const match = () =>
  mapping({
    macaddress: described(maybe(mac), "The card's own MAC address."),
    name: described(maybe(pattern("a name or a pattern")), "The kernel's name for it, or a pattern: enp*."),
    driver: described(
      maybe(textOrTexts(pattern("a driver's name"), "a driver's name, or several")),
      "A driver, a pattern, or several of them: one must fit.",
    ),
  });

const members = () =>
  described(maybe(listOf(linkId, "a list of links")), "The links that it is made of, by their names here.");

const ethernetKeys = {
  ...common,
  match: () => described(maybe(match()), "Which card is meant; without it, the one of this name."),
  "set-name": () => described(maybe(linkName), "The card's name from now on; only with match."),
  wakeonlan: () => ignoredUnless(false, maybe(flag), "the card's own setting stays"),
};
const vlanKeys = {
  ...common,
  id: () => vlanId,
  link: () => described(linkId, "The link that it is on, by its name here."),
};
const bondKeys = (parameters?: readonly string[]) => ({
  ...common,
  interfaces: members,
  parameters: () => described(maybe(bondParameters(parameters)), "How its links are one."),
});
const bridgeKeys = (parameters?: readonly string[]) => ({
  ...common,
  interfaces: members,
  parameters: () => described(maybe(bridgeParameters(parameters)), "The bridge's own settings."),
});

/** Of one kind, for links with these keys; for any without. */
export const linkSchemas = {
  ethernets: (given?: readonly string[]) => mapping(makeKeys(ethernetKeys, given)),
  vlans: (given?: readonly string[]) => mapping(makeKeys(vlanKeys, given && [...given, "id", "link"])),
  bonds: (given?: readonly string[], parameters?: readonly string[]) =>
    mapping(makeKeys(bondKeys(parameters), given)),
  bridges: (given?: readonly string[], parameters?: readonly string[]) =>
    mapping(makeKeys(bridgeKeys(parameters), given)),
};

/** What all kinds have. */
export type Common = v.InferOutput<ReturnType<(typeof linkSchemas)[Kind]>>;
export type Ethernet = v.InferOutput<ReturnType<typeof linkSchemas.ethernets>>;
export type Vlan = v.InferOutput<ReturnType<typeof linkSchemas.vlans>>;
export type Bond = v.InferOutput<ReturnType<typeof linkSchemas.bonds>>;
export type Bridge = v.InferOutput<ReturnType<typeof linkSchemas.bridges>>;

/** For what is written there; for anything without. */
export function network2(root?: Located) {
  const given = (kind: Kind) => root && linksOf(root, kind).flatMap(keysOf);
  const parameters = (kind: Kind) => root && linksOf(root, kind).flatMap(keysOfParameters);
  const table = {
    version: () => described(v.picklist([2, "2"], "2"), "2, as netplan's files have it."),
    renderer,
    ethernets: () =>
      described(
        maybe(named(v.string(), maybe(linkSchemas.ethernets(given("ethernets"))), LINKS)),
        "Cards, by names that you choose; without match, the name is the kernel's.",
      ),
    vlans: () =>
      described(
        maybe(named(linkName, linkSchemas.vlans(given("vlans")), LINKS)),
        "VLANs on other links, by their names.",
      ),
    bonds: () =>
      described(
        maybe(named(linkName, maybe(linkSchemas.bonds(given("bonds"), parameters("bonds"))), LINKS)),
        "Several links as one, by its name.",
      ),
    bridges: () =>
      described(
        maybe(named(linkName, maybe(linkSchemas.bridges(given("bridges"), parameters("bridges"))), LINKS)),
        "Switches of links, by their names.",
      ),
    ...refusedKinds,
  } satisfies KeyTable;
  return mapping(makeKeys(table, root && keysOf(root)));
}

export type Network2 = v.InferOutput<ReturnType<typeof network2>>;

const LINKS = "a mapping of links";

function linksOf(root: Located, kind: Kind): Located[] {
  const links = root.kind === "mapping" ? root.entries.get(kind)?.value : undefined;
  return links?.kind === "mapping" ? [...links.entries.values()].map(({ value }) => value) : [];
}

function keysOfParameters(link: Located): string[] {
  const written = link.kind === "mapping" ? link.entries.get("parameters")?.value : undefined;
  return written === undefined ? [] : keysOf(written);
}
