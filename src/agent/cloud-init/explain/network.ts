// The network of a decision, a line for each link. Pure.
import type { PlannedLink, PlannedRoute } from "../../network/plan.ts";
import type { Decision } from "../actions.ts";

export function explainNetwork({ network, networkLimitSeconds: limit }: Decision): string[][] {
  const trial = limit === undefined ? [] : [["network", limitText(limit)]];
  return [...explainPlan(network), ...trial];
}

function limitText(seconds: number): string {
  if (seconds === 0) return "a new one stays, though it reaches nobody";
  return `a new one that reaches nobody for ${seconds} s gives way to the one before`;
}

function explainPlan(network: Decision["network"]): string[][] {
  if (network === undefined) return [["network", "DHCP on every wired link"]];
  const servers = network.nameservers.length > 0 ? [["nameservers", network.nameservers.join(", ")]] : [];
  const search = network.search.length > 0 ? [["search", network.search.join(", ")]] : [];
  return [...network.links.map((link) => ["network", explainLink(link)]), ...servers, ...search];
}

function explainLink(link: PlannedLink): string {
  const parts = [
    `${link.id}${kindText(link)}`,
    ...(link.kind.type === "physical" && link.kind.setName !== undefined
      ? [`renamed ${link.kind.setName}`]
      : []),
    ...(link.dhcp4 ? [dhcpText(link.dhcp)] : []),
    ...(link.acceptRa === undefined ? [] : [link.acceptRa ? "IPv6 from routers" : "no IPv6 from routers"]),
    ...link.addresses,
    ...link.routes.map(routeText),
    ...(link.mtu === undefined ? [] : [`MTU ${link.mtu}`]),
    ...(link.macAddress === undefined ? [] : [`MAC ${link.macAddress}`]),
    ...(link.nameservers.length === 0 ? [] : [`nameservers ${link.nameservers.join(" ")}`]),
    ...(link.search.length === 0 ? [] : [`search ${link.search.join(" ")}`]),
    ...(link.isOptional ? ["optional: the boot doesn't wait for it"] : []),
  ];
  return parts.join(", ");
}

function dhcpText({ useRoutes, useDns, useDomains, useNtp, metric }: PlannedLink["dhcp"]): string {
  const without = [
    ...(useRoutes ? [] : ["routes"]),
    ...(useDns ? [] : ["name servers"]),
    ...(useDomains === false ? ["domains"] : []),
    ...(useNtp === false ? ["time servers"] : []),
  ];
  const words = [
    ...(without.length === 0 ? [] : [`without its ${without.join(", ")}`]),
    ...(metric === undefined ? [] : [`metric ${metric}`]),
  ];
  return words.length === 0 ? "DHCP" : `DHCP (${words.join(", ")})`;
}

function kindText({ kind }: PlannedLink): string {
  switch (kind.type) {
    case "vlan":
      return ` (VLAN ${kind.vlanId} of ${kind.parent})`;
    case "bond":
    case "bridge": {
      const parameters = Object.entries(kind.parameters).map(([name, value]) => `${name}=${value}`);
      return ` (${kind.type} of ${[kind.members.join(" "), ...parameters].join(", ")})`;
    }
    case "physical": {
      const { macAddress, name, driver } = kind.match;
      const matches = [macAddress, name, driver].filter((each) => each !== undefined);
      return matches.length === 0 ? "" : ` (${matches.join(", ")})`;
    }
  }
}

function routeText({ to, via, metric, onLink }: PlannedRoute): string {
  const words = [`route ${to}`, ...(via === undefined ? [] : [`via ${via}`])];
  return [
    ...words,
    ...(metric === undefined ? [] : [`metric ${metric}`]),
    ...(onLink ? ["on-link"] : []),
  ].join(" ");
}
