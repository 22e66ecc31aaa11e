// Whether a network works, of what was seen of it. Pure.
import { parseNetwork } from "./addresses.ts";
import type { NetworkPlan } from "./plan.ts";

export interface DefaultRoute {
  readonly link: string;
  readonly gateway: string;
}

export interface Reach {
  /** Of these, those whose gateway answers, or whose link has a DHCP server's answer. */
  readonly defaultRoutes: readonly (DefaultRoute & { readonly isAlive: boolean })[];
  /** Links with an answer of a DHCP server. */
  readonly leases: readonly string[];
  /** Links with fixed addresses that have a carrier. */
  readonly connected: readonly string[];
  /** Whether a name server of the configuration answers; undefined when nobody asked. */
  readonly hasDns?: boolean;
}

/** /proc/net/route: addresses as hexadecimal numbers, the first byte last. The route that counts comes first. */
export function parseDefaultRoutes(text: string): DefaultRoute[] {
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, to, gateway, , , , , mask]) => to === "00000000" && mask === "00000000" && gateway !== "00000000",
    )
    .sort((a, b) => Number(a[6]) - Number(b[6]))
    .map(([link = "", , gateway = ""]) => ({ link, gateway: parseHexAddress(gateway) }));
}

function parseHexAddress(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

/** Why a network doesn't do what its configuration wants of it; undefined when it does. */
export function complain(plan: NetworkPlan, reach: Reach): string | undefined {
  if (reach.hasDns === false) return "no name server answers";
  const gateways = plan.links.flatMap(({ routes }) =>
    routes.flatMap(({ to, via }) => (via !== undefined && isDefault(to) ? via : [])),
  );
  if (reach.defaultRoutes.some(({ isAlive }) => isAlive)) return undefined;
  if (gateways.length > 0) return `the gateway ${gateways.join(", ")} doesn't answer`;
  if (plan.links.some(({ dhcp4 }) => dhcp4)) {
    return reach.leases.length > 0 ? undefined : "no DHCP server answers";
  }
  // A site without a gateway, as a machine's own network: nobody is there who would have to answer.
  return reach.connected.length > 0 ? undefined : "no link with an address has a cable";
}

function isDefault(to: string): boolean {
  const network = parseNetwork(to);
  return network?.length === 0 && network.ip.family === 4;
}
