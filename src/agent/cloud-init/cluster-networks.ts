// The cluster's own networks, by what is said of them or by default; as engine/config/networks.go. Pure.
import { formatIp, formatNetwork, isInNetwork, type Network, parseNetwork } from "../network/addresses.ts";

export interface ClusterNetwork {
  /** "pods" or "Services". */
  readonly of: string;
  /** Below kubesolo.config. */
  readonly setting: string;
  readonly network: Network;
}

/** An IPv4 network of such a length, written without an address in it. */
export function isClusterNetwork(text: string, widest: number, narrowest: number): boolean {
  const network = parseNetwork(text);
  if (network === undefined || network.ip.family !== 4) return false;
  const [first = 0, second = 0] = network.ip.bytes;
  const isOrdinary = first > 0 && first !== 127 && first < 224 && !(first === 169 && second === 254);
  const fits = network.length >= widest && network.length <= narrowest;
  return isOrdinary && fits && formatNetwork(network) === text;
}

/** All of the pods' network, for the settings themselves. */
export function wholeNetworks(config: unknown): ClusterNetwork[] {
  const { podCIDR, serviceCIDR } = Object(Object(config).kubernetes) as Record<string, unknown>;
  return [
    ...clusterNetwork("pods", "kubernetes.podCIDR", podCIDR || "10.42.0.0/16"),
    ...clusterNetwork("Services", "kubernetes.serviceCIDR", serviceCIDR || "10.43.0.0/16"),
  ];
}

/** What the node itself uses: nothing else with such an address can be reached. Of the pods' network, it has one part. */
export function nodeNetworks(config: unknown): ClusterNetwork[] {
  return wholeNetworks(config).map((each) =>
    each.of === "pods"
      ? { ...each, network: { ...each.network, length: Math.max(each.network.length, 24) } }
      : each,
  );
}

export function overlap(a: Network, b: Network): boolean {
  return isInNetwork(a.ip, b) || isInNetwork(b.ip, a);
}

export function describeNetwork({ of, network }: ClusterNetwork): string {
  return `the cluster's ${of}, ${formatIp(network.ip)}/${network.length}`;
}

function clusterNetwork(of: string, setting: string, text: unknown): ClusterNetwork[] {
  const network = typeof text === "string" ? parseNetwork(text) : undefined;
  return network === undefined ? [] : [{ of, setting, network }];
}
