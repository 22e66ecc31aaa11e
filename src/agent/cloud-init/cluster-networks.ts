// The cluster's own networks, by what is said of them or by default; as engine/config/networks.go. Pure.
import {
  formatIp,
  formatNetwork,
  type Ip,
  isInNetwork,
  type Network,
  parseNetwork,
} from "../network/addresses.ts";

export interface ClusterNetwork {
  /** "pods" or "Services". */
  readonly of: string;
  /** Below kubesolo.config. */
  readonly setting: string;
  readonly network: Network;
}

/** How long the prefix of a network may be: the widest, the narrowest. */
export type Lengths = readonly [widest: number, narrowest: number];

/** An IPv4 network, or one and, behind a comma, one of IPv6, written without an address in them. */
export function areClusterNetworks(text: string, lengths: Lengths, lengths6: Lengths): boolean {
  const [first = "", second, ...more] = text.split(",").map((each) => each.trim());
  return (
    isClusterNetwork(first, 4, lengths) &&
    (second === undefined || isClusterNetwork(second, 6, lengths6)) &&
    more.length === 0
  );
}

function isClusterNetwork(text: string, family: 4 | 6, [widest, narrowest]: Lengths): boolean {
  const network = parseNetwork(text);
  if (network === undefined || network.ip.family !== family) return false;
  const fits = network.length >= widest && network.length <= narrowest;
  const isWhole = formatNetwork(network) === `${formatIp(network.ip)}/${network.length}`;
  return fits && isWhole && isOrdinary(network.ip);
}

/** Neither the machine itself, nor of a link only, nor for many at once. */
function isOrdinary({ family, bytes }: Ip): boolean {
  const [first = 0, second = 0] = bytes;
  if (family === 4) return first > 0 && first !== 127 && first < 224 && !(first === 169 && second === 254);
  const isLinks = first === 0xfe && second >= 0x80 && second < 0xc0;
  return first + second > 0 && first !== 0xff && !isLinks;
}

/** All of the pods' network, for the settings themselves. */
export function wholeNetworks(config: unknown): ClusterNetwork[] {
  const { podCIDR, serviceCIDR } = Object(Object(config).kubernetes) as Record<string, unknown>;
  return [
    ...clusterNetworks("pods", "kubernetes.podCIDR", podCIDR || "10.42.0.0/16"),
    ...clusterNetworks("Services", "kubernetes.serviceCIDR", serviceCIDR || "10.43.0.0/16"),
  ];
}

/** What the node itself uses: nothing else with such an address can be reached. Of the pods' network, it has one part. */
export function nodeNetworks(config: unknown): ClusterNetwork[] {
  return wholeNetworks(config).map((each) =>
    each.of === "pods" ? { ...each, network: nodesPart(each.network) } : each,
  );
}

function nodesPart(network: Network): Network {
  return { ...network, length: Math.max(network.length, network.ip.family === 4 ? 24 : 64) };
}

export function overlap(a: Network, b: Network): boolean {
  return isInNetwork(a.ip, b) || isInNetwork(b.ip, a);
}

export function describeNetwork({ of, network }: ClusterNetwork): string {
  return `the cluster's ${of}, ${formatIp(network.ip)}/${network.length}`;
}

function clusterNetworks(of: string, setting: string, text: unknown): ClusterNetwork[] {
  return String(text)
    .split(",")
    .flatMap((each) => {
      const network = parseNetwork(each.trim());
      return network === undefined ? [] : [{ of, setting, network }];
    });
}
