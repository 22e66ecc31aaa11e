// From a plan and the links that a machine has to the steps that make one of the other. Pure; apply.ts carries them out.
// BusyBox's ip can't set a bond's options: the kernel takes them in sysfs, Documentation/networking/bonding.rst.
import { parseNetwork } from "./addresses.ts";
import { assignCards, type FoundLink } from "./found.ts";
import { planRenames, renameCommands } from "./names.ts";
import type { LinkKind, NetworkPlan, PlannedLink } from "./plan.ts";
import { networkPlaces, noteSettings, serverNotes } from "./records.ts";
import { note, run, type Step, write } from "./steps.ts";

export interface LinkSteps {
  readonly steps: readonly Step[];
  /** Names of links that the steps make, in their order. */
  readonly made: readonly string[];
  /** Names of the links with fixed addresses that a boot needs. */
  readonly addressed: readonly string[];
  /** What of the plan can't be had. */
  readonly messages: readonly string[];
  /** No card is there that the plan names: the machine would be cut off. */
  readonly isEmpty: boolean;
}

/** All wired links with DHCP: what a machine does without a configuration. */
export const dhcpEverywhere: NetworkPlan = {
  links: [
    {
      id: "every wired link",
      kind: { type: "physical", match: {} },
      dhcp4: true,
      dhcp: { useRoutes: true, useDns: true },
      addresses: [],
      routes: [],
      nameservers: [],
      search: [],
      isOptional: true,
    },
  ],
  nameservers: [],
  search: [],
};

export function planLinks(plan: NetworkPlan, found: readonly FoundLink[]): LinkSteps {
  const { cards, messages } = assignCards(plan, found);
  const wanted = new Map<FoundLink, string>();
  for (const { id, kind } of plan.links)
    if (kind.type === "physical" && kind.setName !== undefined)
      for (const card of cards.get(id) ?? []) wanted.set(card, kind.setName);
  const renames = planRenames(wanted, found);
  const nameNow = ({ name }: FoundLink) => renames.find(({ from }) => from === name)?.to ?? name;
  const named = nameLinks(plan, (id) => (cards.get(id) ?? []).map(nameNow));
  const links = named.links;
  const namesOf = (id: string) => links.find((each) => each.link.id === id)?.names ?? [];
  const made = links.flatMap(({ link, names }) => (link.kind.type === "physical" ? [] : names));
  return {
    steps: [
      ...moduleSteps(links.map(({ link }) => link.kind)),
      ...renameCommands(renames).map(run),
      ...renames.map(({ to }) => run(["ip", "link", "set", to, "up"])),
      ...links.flatMap(({ link, names }) => names.flatMap((name) => linkSteps(link, name, namesOf))),
      ...links.flatMap(({ link, names, order }) => names.flatMap((name) => addressSteps(link, name, order))),
      note(networkPlaces.configuredServers, serverNotes(plan)),
      note(networkPlaces.madeLinks, made.map((name) => `${name}\n`).join("")),
      ...links.flatMap(({ link, names, order }) =>
        link.dhcp4 ? names.map((name) => noteSettings(link, name, order)) : [],
      ),
      run([networkPlaces.linksScript, "publish"]),
      ...startDhcp(links.flatMap(({ link, names }) => (link.dhcp4 ? names : []))),
    ],
    made,
    addressed: links.flatMap(({ link, names }) =>
      link.addresses.length > 0 && !link.isOptional ? names : [],
    ),
    messages: [...messages, ...named.messages],
    isEmpty: ![...cards.values()].some((each) => each.length > 0),
  };
}

interface NamedLink {
  readonly link: PlannedLink;
  readonly names: readonly string[];
  /** Its place in the plan: of several default routes and name servers, the first link's come first. DHCP's have one more. */
  readonly order: number;
}

/** What is made of links that aren't there can't be made either. */
function nameLinks(plan: NetworkPlan, cardNames: (id: string) => readonly string[]) {
  const links: NamedLink[] = [];
  const messages: string[] = [];
  const isThere = (id: string) => links.some(({ link, names }) => link.id === id && names.length > 0);
  for (const [position, link] of plan.links.entries()) {
    const { kind } = link;
    const order = 100 + 2 * position;
    if (kind.type === "physical") {
      links.push({ link, names: cardNames(link.id), order });
      continue;
    }
    const parts = kind.type === "vlan" ? [kind.parent] : kind.members;
    const isPossible = parts.some(isThere) || (kind.type === "bridge" && parts.length === 0);
    links.push({ link, names: isPossible ? [link.id] : [], order });
    if (!isPossible)
      messages.push(`"${link.id}" isn't made: ${parts.map((id) => `"${id}"`).join(", ")} isn't there`);
  }
  return { links, messages };
}

function moduleSteps(kinds: readonly LinkKind[]): Step[] {
  const has = (type: LinkKind["type"]) => kinds.some((kind) => kind.type === type);
  return [
    // By itself the module makes a first bond, and its name would be taken.
    ...(has("bond") ? [run(["modprobe", "bonding", "max_bonds=0"])] : []),
    ...(has("vlan") ? [run(["modprobe", "8021q"])] : []),
    ...(has("bridge") ? [run(["modprobe", "bridge"])] : []),
  ];
}

/** Makes a link, sets it up and on. */
function linkSteps(link: PlannedLink, name: string, namesOf: (id: string) => readonly string[]): Step[] {
  const { kind, macAddress, mtu } = link;
  const set = (...args: string[]) => run(["ip", "link", "set", name, ...args]);
  return [
    ...makeSteps(kind, name, namesOf),
    ...(macAddress === undefined ? [] : [set("down"), set("address", macAddress)]),
    ...(kind.type === "bond" || kind.type === "bridge" ? joinSteps(kind, name, namesOf) : []),
    ...(mtu === undefined ? [] : [set("mtu", String(mtu))]),
    set("up"),
  ];
}

function makeSteps(kind: LinkKind, name: string, namesOf: (id: string) => readonly string[]): Step[] {
  switch (kind.type) {
    case "physical":
      return [];
    case "vlan": {
      const [parent = ""] = namesOf(kind.parent);
      const id = String(kind.vlanId);
      return [run(["ip", "link", "add", "link", parent, "name", name, "type", "vlan", "id", id])];
    }
    case "bond":
      return [run(["ip", "link", "add", name, "type", "bond"]), ...bondOptions(kind.parameters, name)];
    case "bridge":
      return [
        run(["ip", "link", "add", name, "type", "bridge"]),
        ...Object.entries(kind.parameters).map(([key, value]) => sysfs(name, `bridge/${key}`, value)),
      ];
  }
}

/** The mode decides what else may be set; the delays are counted in miimon. A list is added to, one by one. */
function bondOptions(parameters: Readonly<Record<string, string>>, name: string): Step[] {
  const first = ["mode", "miimon"];
  const rest = Object.keys(parameters).filter((key) => !first.includes(key) && key !== "primary");
  return [...first, ...rest].flatMap((key) => {
    const value = parameters[key];
    if (value === undefined) return [];
    const values = key === "arp_ip_target" ? value.split(",").map((target) => `+${target}`) : [value];
    return values.map((each) => sysfs(name, `bonding/${key}`, each));
  });
}

/** A bond takes only links that are down, and knows its primary once it has it. */
function joinSteps(
  kind: Extract<LinkKind, { members: unknown }>,
  name: string,
  namesOf: (id: string) => readonly string[],
): Step[] {
  const primary = kind.parameters["primary"];
  return [
    ...kind.members
      .flatMap(namesOf)
      .flatMap((member) => [
        ...(kind.type === "bond" ? [run(["ip", "link", "set", member, "down"])] : []),
        run(["ip", "link", "set", member, "master", name]),
        run(["ip", "link", "set", member, "up"]),
      ]),
    ...(kind.type === "bond" && primary !== undefined
      ? namesOf(primary).map((member) => sysfs(name, "bonding/primary", member))
      : []),
  ];
}

function addressSteps(link: PlannedLink, name: string, order: number): Step[] {
  // 1 would count only on a machine that doesn't forward.
  const acceptRa = link.acceptRa === undefined ? [] : [link.acceptRa ? "2" : "0"];
  return [
    ...acceptRa.map((content) => write(`/proc/sys/net/ipv6/conf/${name}/accept_ra`, content)),
    ...link.addresses.map((address) => run(["ip", "addr", "replace", address, "dev", name])),
    // It told nothing, but has an address.
    ...(link.addresses.length > 0 ? [note(`${networkPlaces.told}/${order}-${name}`, "")] : []),
    ...link.routes.map(({ to, via, metric, onLink }) => {
      const isDefault = parseNetwork(to)?.length === 0;
      const cost = metric ?? (isDefault ? order : undefined);
      return run([
        ...["ip", "route", "replace", to],
        ...(via === undefined ? [] : ["via", via]),
        ...["dev", name],
        ...(cost === undefined ? [] : ["metric", String(cost)]),
        ...(onLink && via !== undefined ? ["onlink"] : []),
      ]);
    }),
  ];
}

function startDhcp(names: readonly string[]): Step[] {
  return names.length === 0 ? [] : [run([networkPlaces.linksScript, "dhcp", ...names])];
}

function sysfs(name: string, file: string, content: string): Step {
  return write(`/sys/class/net/${name}/${file}`, content);
}
