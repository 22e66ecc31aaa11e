// From what a person wrote under `network:` to a plan, or to everything that is wrong with it. Pure.

import { isInNetwork, parseIp, parseNetwork } from "../../network/addresses.ts";
import type { LinkKind, NetworkPlan, PlannedLink } from "../../network/plan.ts";
import type { ClusterNetwork } from "../cluster-networks.ts";
import { keysOf, type Located, plainValue } from "../located.ts";
import { error, type Finding, quoted, warning } from "../problems.ts";
import { checkReach, checkStructure, orderLinks } from "./crosschecks.ts";
import type { Draft, DraftLink } from "./draft.ts";
import { checkTaken } from "./taken.ts";
import { readVersion1 } from "./v1.ts";
import { readVersion2 } from "./v2.ts";

export interface CheckedNetwork {
  /** undefined with errors, or when the configuration leaves the network to the device. */
  readonly plan?: NetworkPlan;
  readonly problems: readonly Finding[];
}

/** What stands under `network:`, or a network-config file as a whole, which may have that key once more. */
export function checkNetwork(root: Located, taken: readonly ClusterNetwork[] = []): CheckedNetwork {
  const below = root.kind === "mapping" && !root.entries.has("version") && root.entries.get("network");
  if (!below) return checkVersion(root, taken);
  const { problems, ...plan } = checkVersion(below.value, taken);
  const inside = problems.map((each) => ({ ...each, path: ["network", ...each.path] }));
  const beside = keysOf(root).flatMap(checkBeside);
  return { ...(beside.some(isError) ? {} : plan), problems: [...inside, ...beside] };
}

const PARTS = [
  "ethernets",
  "vlans",
  "bonds",
  "bridges",
  "config",
  "wifis",
  "tunnels",
  "vrfs",
  "dummy-devices",
  "renderer",
];

/** Whoever writes them one level too far left means them. */
function checkBeside(key: string): Finding[] {
  if (key === "network") return [];
  const about = { path: [key], isAboutKey: true };
  if (PARTS.includes(key))
    return [
      { severity: "error", ...about, message: "stands beside network", hint: "indent it: it belongs below" },
    ];
  return [{ severity: "warning", ...about, message: "no effect beside network" }];
}

function checkVersion(root: Located, taken: readonly ClusterNetwork[]): CheckedNetwork {
  const { version, config } = Object(plainValue(root)) as { version?: unknown; config?: unknown };
  if (config === "disabled") return { problems: [warning(["config"], DISABLED)] };
  if (String(version) === "1") return finish(readVersion1(root), taken);
  if (root.kind !== "mapping" || String(version) === "2") return finish(readVersion2(root), taken);
  if (version === undefined || version === null)
    return {
      problems: [error(["version"], "is missing", `version: ${config === undefined ? 2 : 1}, it seems`)],
    };
  return { problems: [error(["version"], `there is no version ${quoted(version)}`, "1 or 2")] };
}

const DISABLED = "disabled: the device uses DHCP on every wired link, as without a configuration";

function finish(draft: Draft, taken: readonly ClusterNetwork[]): CheckedNetwork {
  const found = [...draft.problems, ...checkStructure(draft), ...checkTaken(draft, taken)];
  const problems = found.some(isError) ? found : [...found, ...checkReach(draft)];
  if (problems.some(isError)) return { problems };
  const links = orderLinks(draft.links).ordered.map(toPlanned);
  return {
    plan: {
      links: giveRoutes(links, draft),
      nameservers: unique(draft.nameservers),
      search: unique(draft.search),
    },
    problems,
  };
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

function toPlanned({ path: _path, kind, ...link }: DraftLink): PlannedLink {
  return {
    ...link,
    kind: toPlannedKind(kind),
    addresses: link.addresses.map(({ value }) => value),
    routes: link.routes.map(({ value }) => value),
    nameservers: unique(link.nameservers),
    search: unique(link.search),
  };
}

function toPlannedKind(kind: DraftLink["kind"]): LinkKind {
  switch (kind.type) {
    case "physical":
      return kind;
    case "vlan":
      return { ...kind, parent: kind.parent.value };
    case "bond":
    case "bridge":
      return { ...kind, members: kind.members.map(({ value }) => value) };
  }
}

/** Each route of the whole goes to the first link whose network has its gateway; with DHCP, no one knows that network. */
function giveRoutes(links: readonly PlannedLink[], { routes }: Draft): PlannedLink[] {
  const ownerOf = (via = "") => {
    const ip = parseIp(via);
    const has = (address: string) => {
      const network = parseNetwork(address);
      return ip !== undefined && network !== undefined && isInNetwork(ip, network);
    };
    return links.find(({ addresses }) => addresses.some(has)) ?? links.find(({ dhcp4 }) => dhcp4);
  };
  return links.map((link) => ({
    ...link,
    routes: [...link.routes, ...routes.flatMap(({ value }) => (ownerOf(value.via) === link ? value : []))],
  }));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
