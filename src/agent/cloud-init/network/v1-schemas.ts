// Version 1 of cloud-init's network configuration: a list of links, name servers and routes.
import * as v from "valibot";
import { keysOf, type Located } from "../located.ts";
import { ignoredUnless, ignoredWord, refusedWord } from "../schema/key-notes.ts";
import { listOf, mapping, maybe } from "../schema/kinds.ts";
import { params } from "./v1-parameters.ts";
import { complainingOfRoute, routeKeys } from "./v1-routes.ts";
import { BROUGHT_UP, subnets } from "./v1-subnets.ts";
import { described, domains, flag, ips, linkId, linkMac, linkName, mtu, vlanId } from "./values.ts";

const typed = <const T extends string>(type: T) => described(v.literal(type), "What the entry is.");

const common = () => ({
  name: described(linkName, "The link's name; with mac_address, its name from now on."),
  mac_address: described(maybe(linkMac), "Which card is meant; of other links, the MAC address from now on."),
  mtu: described(maybe(mtu), "The longest packet, in bytes."),
  auto: ignoredUnless(true, maybe(flag), BROUGHT_UP),
  wakeonlan: ignoredUnless(false, maybe(flag), "the card's own setting stays"),
  keep_configuration: described(maybe(flag), "An address is never given back; not needed."),
  optional: described(maybe(flag), "A boot needn't wait for it."),
  "accept-ra": described(maybe(flag), "Take an IPv6 address that routers announce."),
  subnets: described(maybe(subnets()), "How it gets its addresses; without any it has none."),
});

const members = () =>
  described(maybe(listOf(linkId, "a list of links")), "The links that it is made of, by their names.");

/** The kinds of links; with parameters by those names that are given. */
const link = {
  physical: () => mapping({ type: typed("physical"), ...common() }),
  vlan: () =>
    mapping({
      type: typed("vlan"),
      ...common(),
      vlan_id: vlanId,
      vlan_link: described(linkId, "The link that it is on, by its name."),
    }),
  bond: (given?: readonly string[]) =>
    mapping({
      type: typed("bond"),
      ...common(),
      bond_interfaces: members(),
      params: described(maybe(params("bond", given)), "How its links are one, by ifupdown's names."),
    }),
  bridge: (given?: readonly string[]) =>
    mapping({
      type: typed("bridge"),
      ...common(),
      bridge_interfaces: members(),
      params: described(maybe(params("bridge", given)), "The bridge's own settings, by ifupdown's names."),
    }),
};

const nameserver = () =>
  mapping({
    type: typed("nameserver"),
    address: described(maybe(ips), "Its address, or several."),
    search: described(maybe(domains), "Domains to look names up in that have no dot."),
    interface: described(maybe(linkId), "For which link; for all when missing."),
  });

const route = () =>
  v.pipe(
    mapping({
      type: typed("route"),
      id: described(maybe(v.unknown()), "A number of cloud-init's own; not used."),
      ...routeKeys(),
    }),
    complainingOfRoute(),
  );

const TYPES = "one of physical, vlan, bond, bridge, nameserver, route";

/** One entry of the list. */
export function item(given: { readonly bond?: readonly string[]; readonly bridge?: readonly string[] } = {}) {
  return v.variant(
    "type",
    [
      link.physical(),
      link.vlan(),
      link.bond(given.bond),
      link.bridge(given.bridge),
      nameserver(),
      route(),
      mapping({ type: refusedWord("infiniband", "InfiniBand isn't supported") }),
      mapping({ type: ignoredWord("loopback", "the loopback link is the system's own") }),
    ],
    ({ path }) => (path === undefined ? "a mapping with a type" : TYPES),
  );
}

export type Item = v.InferOutput<ReturnType<typeof item>>;
export type LinkItem = Extract<Item, { type: keyof typeof link }>;
export type Nameserver = v.InferOutput<ReturnType<typeof nameserver>>;

/** For what is written there; for anything without. */
export function network1(root?: Located) {
  const ofItem = item(root && { bond: keysOfParams(root, "bond"), bridge: keysOfParams(root, "bridge") });
  return mapping({
    version: described(v.picklist([1, "1"], "1"), "1, as cloud-init's own files have it."),
    config: described(
      listOf(ofItem, "a list of links, name servers and routes"),
      "Links, name servers and routes.",
    ),
  });
}

/** What the parameters are called in all bonds, or all bridges. */
export function keysOfParams(root: Located, type: "bond" | "bridge"): string[] {
  const config = root.kind === "mapping" ? root.entries.get("config")?.value : undefined;
  const items = config?.kind === "list" ? config.items : [];
  return items.flatMap((each) => {
    if (each.kind !== "mapping") return [];
    const said = each.entries.get("type")?.value;
    const written = each.entries.get("params")?.value;
    if (written === undefined || said?.kind !== "scalar" || said.value !== type) return [];
    return written.kind === "list" ? written.items.flatMap(keysOf) : keysOf(written);
  });
}
