// From what a person wrote under `network:` to a plan, or to everything that is wrong with it. Pure.

import { isInNetwork, parseIp, parseNetwork } from "../../network/addresses.ts";
import type { LinkKind, NetworkPlan, PlannedLink } from "../../network/plan.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import { checkReach, checkStructure, orderLinks } from "./crosschecks.ts";
import type { Draft, DraftLink } from "./draft.ts";
import { checkKeys, sayValue } from "./shape.ts";
import { readVersion1 } from "./v1.ts";
import { readVersion2 } from "./v2.ts";

export interface CheckedNetwork {
  /** undefined with errors, or when the configuration leaves the network to the device. */
  readonly plan?: NetworkPlan;
  readonly problems: readonly Finding[];
}

/** What stands under `network:`, or a network-config file as a whole, which may have that key once more. */
export function checkNetwork(value: unknown): CheckedNetwork {
  return isMapping(value) && "network" in value && !("version" in value)
    ? checkVersion(value["network"], ["network"])
    : checkVersion(value, []);
}

function checkVersion(value: unknown, path: Path): CheckedNetwork {
  if (!isMapping(value)) return { problems: [error(path, `must be a mapping, not ${sayValue(value)}`)] };
  if (value["config"] === "disabled")
    return {
      problems: [
        warning(
          [...path, "config"],
          "disabled: the device uses DHCP on every wired link, as without a configuration",
        ),
      ],
    };
  const version = value["version"];
  if (version === undefined || version === null) {
    const likely = "config" in value ? 1 : 2;
    return { problems: [error([...path, "version"], "is missing", `version: ${likely}, it seems`)] };
  }
  if (String(version) === "2") return finish(readVersion2(value, path));
  if (String(version) !== "1")
    return { problems: [error([...path, "version"], `there is no version ${sayValue(version)}`, "1 or 2")] };
  const unknown = checkKeys(value, ["version", "config"], {}, path);
  if (!Array.isArray(value["config"])) {
    const what =
      value["config"] === undefined ? "is missing" : `must be a list, not ${sayValue(value["config"])}`;
    return { problems: [...unknown, error([...path, "config"], what)] };
  }
  const draft = readVersion1(value["config"], [...path, "config"]);
  return finish({ ...draft, problems: [...unknown, ...draft.problems] });
}

function finish(draft: Draft): CheckedNetwork {
  const found = [...draft.problems, ...checkStructure(draft)];
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

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
