// Zones of the site's that cluster DNS is to ask others about: they must not be the cluster's own, nor lead back to it. Pure.
import { isInNetwork, isSameIp, type Network, parseNetwork } from "../../network/addresses.ts";
import { type ClusterNetwork, describeNetwork, wholeNetworks } from "../cluster-networks.ts";
import { error, type Finding, quoted } from "../problems.ts";
import { listsIn, plainName, serverAddress } from "../schema/engine-lists.ts";
import type { KubesoloConfig } from "../schema/schema.ts";
import type { Said } from "./engine-said.ts";

export function crossCheckDns(kubesolo: KubesoloConfig, all: readonly Said[]): Finding[] {
  const networks = wholeNetworks(kubesolo.config);
  return all
    .filter(({ setting }) => setting.key === "dns.stubZones")
    .flatMap(({ value, at, by }) =>
      (listsIn(value) ?? []).flatMap(([name, servers]) =>
        [
          ...networks.flatMap((network) => ownZone(plainName(name), network)),
          ...servers.flatMap((server) => itself(name, server, networks)),
        ].map((message) => error(at, `${by}${message}`)),
      ),
    );
}

function ownZone(zone: string, own: ClusterNetwork): string[] {
  const network = networkOfReverse(zone);
  if (network === undefined || network.length < own.network.length) return [];
  if (!isInNetwork(network.ip, own.network)) return [];
  return [`${quoted(zone)} is of ${describeNetwork(own)}, which cluster DNS knows itself`];
}

/** 10.42.0.0/16 of 42.10.in-addr.arpa, fd42::/16 of 2.4.d.f.ip6.arpa. */
function networkOfReverse(zone: string): Network | undefined {
  const [, numbers] = /^((?:\d{1,3}\.){1,4})in-addr\.arpa$/.exec(zone) ?? [];
  if (numbers !== undefined) {
    const bytes = labelsOf(numbers);
    const rest = ["0", "0", "0", "0"].slice(bytes.length);
    return parseNetwork(`${[...bytes, ...rest].join(".")}/${8 * bytes.length}`);
  }
  const [, digits] = /^((?:[\da-f]\.){1,32})ip6\.arpa$/.exec(zone) ?? [];
  if (digits === undefined) return undefined;
  const labels = labelsOf(digits);
  const groups = labels.join("").padEnd(32, "0").match(/.{4}/g) ?? [];
  return parseNetwork(`${groups.join(":")}/${4 * labels.length}`);
}

/** In an address they stand the other way round. */
function labelsOf(name: string): string[] {
  return name.split(".").slice(0, -1).reverse();
}

/** Cluster DNS has the tenth IPv4 address of Services, and the first of pods (engine/config/networks.go). */
function itself(zone: string, server: string, networks: readonly ClusterNetwork[]): string[] {
  const asked = serverAddress(server);
  const isOwn = networks.some(({ of, network }) => {
    if (network.ip.family !== 4) return false;
    const [a = 0, b = 0, c = 0, d = 0] = network.ip.bytes;
    return (
      asked !== undefined && isSameIp(asked, { family: 4, bytes: [a, b, c, d + (of === "pods" ? 1 : 10)] })
    );
  });
  return isOwn
    ? [`${quoted(zone)} would be asked of cluster DNS itself (${server}); name another server`]
    : [];
}
