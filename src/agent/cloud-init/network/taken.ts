// Networks of the site that are the cluster's, too: nothing in them could be reached. Pure.
import { parseNetwork } from "../../network/addresses.ts";
import { type ClusterNetwork, describeNetwork, overlap } from "../cluster-networks.ts";
import { error, type Finding } from "../problems.ts";
import type { Draft } from "./draft.ts";

export function checkTaken({ links }: Draft, taken: readonly ClusterNetwork[]): Finding[] {
  return links.flatMap(({ addresses }) =>
    addresses.flatMap(({ value, path }) => {
      const network = parseNetwork(value);
      const other = network && taken.find((each) => overlap(network, each.network));
      if (other === undefined) return [];
      const hint = `set kubesolo.config's ${other.setting} to a network that is free there`;
      return [error(path, `the network of "${value}" overlaps that of ${describeNetwork(other)}`, hint)];
    }),
  );
}
