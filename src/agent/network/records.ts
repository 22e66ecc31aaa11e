// Where the network's parts leave word for each other, and how. Pure.
import { runPath } from "../../release/run-files.ts";
import type { NetworkPlan, PlannedLink } from "./plan.ts";
import { note, type Step } from "./steps.ts";

export const networkPlaces = {
  /** Starts and stops DHCP clients, and publishes what all links told. */
  linksScript: "/usr/lib/kubesolo-os/services/links",
  /** What links told of name and time servers, a file a link; see init/lib/network.sh. */
  told: runPath("links"),
  /** The configuration's own come first. */
  configuredServers: `${runPath("links")}/000-configuration`,
  /** What of a DHCP answer counts, a file a link. */
  dhcpSettings: runPath("dhcp"),
  /** Addresses that DHCP servers gave, a file a link. */
  leases: runPath("leases"),
  /** Names of links that were made, for the status. */
  madeLinks: runPath("made-links"),
  /** What was made of which plan in this boot. */
  applied: runPath("network.json"),
  /** There once the network is set up: a file that scripts see without reading JSON. */
  done: runPath("network-done"),
} as const;

/** The configuration's name servers, in the form that init/lib/network.sh publishes. */
export function serverNotes(plan: NetworkPlan): string {
  const all = [plan, ...plan.links];
  const lines = [
    ...all.flatMap(({ search }) => search.map((domain) => `search ${domain}`)),
    ...all.flatMap(({ nameservers }) => nameservers.map((server) => `nameserver ${server}`)),
  ];
  return [...new Set(lines)].map((line) => `${line}\n`).join("");
}

/** For the DHCP client's script. */
export function noteSettings({ dhcp }: PlannedLink, name: string, order: number): Step {
  const { useRoutes, useDns, useDomains = true, useNtp = true, metric } = dhcp;
  const lines = [
    `order ${order}`,
    `metric ${metric ?? order + 1}`,
    ...(useRoutes ? [] : ["no routes"]),
    ...(useDns ? [] : ["no dns"]),
    ...(useDomains ? [] : ["no domains"]),
    ...(useNtp ? [] : ["no ntp"]),
  ];
  return note(`${networkPlaces.dhcpSettings}/${name}`, lines.map((line) => `${line}\n`).join(""));
}
