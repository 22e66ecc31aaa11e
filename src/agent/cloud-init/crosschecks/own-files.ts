// Files that are the system's own: who writes there makes it forget, or do again, what it did; or is overwritten at the next
// boot, without a word. Pure.
import type { NodeConfig } from "../schema/schema.ts";

interface Own {
  /** A file, or all below a folder. */
  readonly path: string;
  readonly why: string;
  readonly hint: string;
}

const settings = (name: string, hint: string): Own => ({
  path: `/etc/kubesolo/${name}`,
  why: "the node makes it of its configuration at each boot",
  hint,
});
const books = (path: string, why: string, hint = "choose another path"): Own => ({ path, why, hint });

const OWN: readonly Own[] = [
  settings("config.yaml", "write it below kubesolo.config"),
  settings("engine-flags", "write them into kubesolo.flags"),
  settings("node-labels.json", "write them below kubesolo.node_labels"),
  settings("updates.json", "write it below kubesolo.updates"),
  settings("probes.json", "write them below kubesolo.probes"),
  settings("hostname", "use hostname"),
  settings("timezone", "use timezone"),
  settings("ntp-servers", "use ntp"),
  settings("ca-certificates.crt", "use ca_certs"),
  settings("accounts.json", "use users"),
  settings("network-good.json", "use network"),
  settings("network-trial.json", "use network"),
  books("/etc/kubesolo/cloud-init.yaml", "it is the kept copy of this configuration"),
  books("/etc/kubesolo/cloud-init.json", "it is the kept copy of this configuration"),
  books("/etc/kubesolo/agent", "the agent notes there what it did"),
  books("/etc/kubesolo/machine-id", "the machine is known by it"),
  books("/var/lib/kubesolo/agent", "the agent notes there what it did"),
  books("/var/lib/kubesolo/kine", "the cluster's database is there", "use kubesolo.manifests"),
  books("/var/lib/kubesolo/kubelet", "it is the engine's", "use kubesolo.config"),
  books("/var/lib/kubesolo/containerd", "it is the engine's", "use kubesolo.images"),
  books("/var/lib/containerd", "it is the engine's", "use kubesolo.images"),
  books("/run/kubesolo", "it is the engine's"),
  books("/run/kubesolo-os", "it is the system's"),
  books("/run/localtime", "it is the system's", "use timezone"),
  books("/run/hostname", "it is the system's", "use hostname"),
  books("/data/reset-requested", "it asks for a reset", "use kubesolo-os-agent reset"),
];

const REGISTRIES = "/etc/kubesolo/certs.d";

/** Whose the file is that nobody else may write; undefined: nobody's. Registries that the configuration hasn't are people's. */
export function ownFile(path: string, { kubesolo }: NodeConfig): Own | undefined {
  const registries = Object.keys(kubesolo?.registries ?? {}).map((host): Own => {
    const why = "the node makes it of kubesolo.registries at each boot";
    return { path: `${REGISTRIES}/${host}`, why, hint: "write it below kubesolo.registries" };
  });
  return [...OWN, ...registries].find((own) => path === own.path || path.startsWith(`${own.path}/`));
}
