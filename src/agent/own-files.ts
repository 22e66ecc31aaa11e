// Files that are the system's own: who writes there makes it forget, or do again, what it did; or is overwritten at the next
// boot, without a word. Pure.
import { DATA, isBelow } from "../release/data-places.ts";
import { AUTHENTICATION_CONFIG, CLIENT_CA } from "../release/engine.ts";
import { RUN } from "../release/run-files.ts";
import { places } from "./places.ts";

export interface OwnFile {
  /** A file, or all below a folder; by its usual name. */
  readonly path: string;
  readonly why: string;
  readonly hint: string;
}

const settings = (path: string, hint: string): OwnFile => ({
  path,
  why: "the node makes it of its configuration at each boot",
  hint,
});
const books = (path: string, why: string, hint = "choose another path"): OwnFile => ({ path, why, hint });

/** People's, although it is in a folder of the engine's. */
const KUBELET_DROP_INS = "/var/lib/kubesolo/kubelet/config.d";

const OWN: readonly OwnFile[] = [
  settings(places.engineConfig, "write it below kubesolo.config"),
  settings(places.engineFlags, "write them into kubesolo.flags"),
  settings(CLIENT_CA, "write it into kubesolo.access.client_ca"),
  settings(AUTHENTICATION_CONFIG, "write it below kubesolo.access.authentication_config"),
  settings(places.nodeLabels, "write them below kubesolo.node_labels"),
  settings(places.updates, "write it below kubesolo.updates"),
  settings(places.install, "write it below kubesolo.install"),
  settings(places.probes, "write them below kubesolo.probes"),
  settings(places.keptHostname, "use hostname"),
  settings(places.timezone, "use timezone"),
  settings(places.timeServers, "use ntp"),
  settings(places.authorities, "use ca_certs"),
  settings(places.accounts, "use users"),
  settings(places.goodNetwork, "use network"),
  settings(places.triedNetwork, "use network"),
  books(places.keptUserData, "it is the kept copy of this configuration"),
  books(places.keptSources, "it is the kept copy of this configuration"),
  books(places.agentBooks, "the agent notes there what it did"),
  books("/etc/kubesolo/ssh-host-key", "the machine is known by it"),
  books("/etc/kubesolo/machine-id", "the machine is known by it"),
  books("/var/lib/kubesolo/agent", "the agent notes there what it did"),
  books("/var/lib/kubesolo/kine", "the cluster's database is there", "use kubesolo.manifests"),
  books(
    "/var/lib/kubesolo/pki",
    "the cluster's keys are there",
    "use kubesolo.access, or kubesolo.config.pki",
  ),
  books(
    "/var/lib/kubesolo/kubelet",
    "it is the engine's",
    `use kubesolo.config, or write into ${KUBELET_DROP_INS}`,
  ),
  books("/var/lib/kubelet", "it is the engine's", `use kubesolo.config, or write into ${KUBELET_DROP_INS}`),
  books("/var/lib/kubesolo/containerd", "it is the engine's", "use kubesolo.images"),
  books("/var/lib/containerd", "it is the engine's", "use kubesolo.images"),
  books("/run/kubesolo", "it is the engine's"),
  books(RUN, "it is the system's"),
  books(places.localTime, "it is the system's", "use timezone"),
  books(places.hostname, "it is the system's", "use hostname"),
  books(`${DATA}/clock`, "it holds the time when the machine last ran", "use ntp"),
  books(`${DATA}/update`, "it is what the system knows of its updates", "use kubesolo.updates"),
  books(places.resetRequest, "it asks for a reset", "use kubesolo-os-agent reset"),
];

export const ownPaths: readonly string[] = OWN.map(({ path }) => path);

/** Whose the file is that nobody else may write; undefined: nobody's. Registries that the configuration hasn't are people's. */
export function findOwnFile(path: string, registries: readonly string[] = []): OwnFile | undefined {
  const made = registries.map((host): OwnFile => {
    const why = "the node makes it of kubesolo.registries at each boot";
    return { path: `${places.registryHosts}/${host}`, why, hint: "write it below kubesolo.registries" };
  });
  if (isBelow(path, KUBELET_DROP_INS)) return undefined;
  return [...OWN, ...made].find((own) => isBelow(path, own.path));
}
