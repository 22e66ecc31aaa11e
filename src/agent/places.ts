// Where the agent finds and leaves things; pure. The first folder is in memory, the second on the data partition.

const STATE = "/run/kubesolo-os";
const KEPT = "/etc/kubesolo";

export const places = {
  /** What init took from the kernel command line, one word a line. */
  commandLine: `${STATE}/cmdline`,
  /** The name of the disk that the running system is on. */
  bootDisk: `${STATE}/boot-disk`,
  /** A file for each link that has got an address. */
  links: `${STATE}/links`,
  /** Where a volume with a configuration is mounted while it is read and applied. */
  volume: `${STATE}/configuration-volume`,
  /** What this boot made of its configuration. */
  report: `${STATE}/configuration.json`,
  /** The same in one line, for the console. */
  statusLine: `${STATE}/configuration-status`,
  hostname: "/run/hostname",
  systemAuthorities: "/usr/share/ca-certificates/ca-certificates.crt",
  zones: "/usr/share/zoneinfo",
  /** /etc/localtime leads to it. */
  localTime: "/run/localtime",
  /** Of `kubesolo-os build --config`. */
  bakedUserData: "/usr/lib/kubesolo-os/cloud-init/user-data",

  /** User-data of the last good configuration; people may edit it. */
  keptUserData: `${KEPT}/cloud-init.yaml`,
  /** All of the last good configuration. */
  keptSources: `${KEPT}/cloud-init.json`,
  /** Which files the agent made and may remove. */
  owned: `${KEPT}/agent/owned.json`,
  /** What was done once in the life of this instance. */
  instance: `${KEPT}/agent/instance.json`,
  /** Which labels of the node are ours. */
  labelKeys: `${KEPT}/agent/label-keys.json`,
  kubeconfig: "/var/lib/kubesolo/pki/admin/admin.kubeconfig",
  keptHostname: `${KEPT}/hostname`,
  timeServers: `${KEPT}/ntp-servers`,
  timezone: `${KEPT}/timezone`,
  authorities: `${KEPT}/ca-certificates.crt`,
  accounts: `${KEPT}/accounts.json`,
  engineConfig: `${KEPT}/config.yaml`,
  engineFlags: `${KEPT}/engine-flags`,
  nodeLabels: `${KEPT}/node-labels.json`,
  updates: `${KEPT}/updates.json`,
  probes: `${KEPT}/probes.json`,
  resetRequest: "/data/reset-requested",
  log: "/var/log/kubesolo.log",
  commandOutput: "/var/log/cloud-init-output.log",
} as const;

/** Folders of the data partition, and the partition itself. */
const LASTING = ["/data", KEPT, "/var/lib/kubesolo", "/var/lib/containerd", "/var/log", "/usr/local"];
const PASSING = ["/run", "/tmp", "/var", "/dev/shm"];
/** Its own books: who writes there makes the agent forget, or do again, what it did. */
const BOOKS = [places.keptUserData, places.keptSources, `${KEPT}/agent`, places.resetRequest];

export type Place =
  | { readonly is: "lasting" }
  /** In memory: gone at the next boot. */
  | { readonly is: "passing" }
  | { readonly is: "refused"; readonly reason: string };

/** Whether a file can be written at this path, and whether it lasts. */
export function placeOf(path: string): Place {
  if (!path.startsWith("/")) return { is: "refused", reason: "not an absolute path" };
  if (path.split("/").some((part) => part === ".." || part === "."))
    return { is: "refused", reason: 'a path without "." and ".." is needed' };
  if (/\/$|\/\/|[\0\n]/.test(path)) return { is: "refused", reason: "not the path of a file" };
  if (isBelow(path, BOOKS)) return { is: "refused", reason: "the system keeps its own books there" };
  if (isBelow(path, LASTING)) return { is: "lasting" };
  if (isBelow(path, PASSING)) return { is: "passing" };
  const writable = `${LASTING.join(", ")} (kept), ${PASSING.join(", ")} (until the next boot)`;
  return { is: "refused", reason: `the root file system is read-only; files can lie in ${writable}` };
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}
