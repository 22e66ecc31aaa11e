// Where the agent finds and leaves things; pure. The first folder is in memory, the second on the data partition.
import { DATA } from "../release/data-places.ts";
import { adminKubeconfig, ENGINE_CONFIG, READY_FILE, REGISTRY_HOSTS } from "../release/engine.ts";
import { runPath } from "../release/run-files.ts";

const KEPT = "/etc/kubesolo";

export const places = {
  /** What init took from the kernel command line, one word a line. */
  commandLine: runPath("cmdline"),
  /** The name of the disk that the running system is on. */
  bootDisk: runPath("boot-disk"),
  /** A file for each link that has got an address. */
  links: runPath("links"),
  /** Where a volume with a configuration is mounted while it is read and applied. */
  volume: runPath("configuration-volume"),
  /** What this boot made of its configuration. */
  report: runPath("configuration.json"),
  /** The same in one line, for the console. */
  statusLine: runPath("configuration-status"),
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
  /** What the agent notes for itself. */
  agentBooks: `${KEPT}/agent`,
  /** Which files the agent made and may remove. */
  owned: `${KEPT}/agent/owned.json`,
  /** What was done once in the life of this instance. */
  instance: `${KEPT}/agent/instance.json`,
  /** Which labels of the node are ours. */
  labelKeys: `${KEPT}/agent/label-keys.json`,
  kubeconfig: adminKubeconfig(),
  keptHostname: `${KEPT}/hostname`,
  timeServers: `${KEPT}/ntp-servers`,
  timezone: `${KEPT}/timezone`,
  authorities: `${KEPT}/ca-certificates.crt`,
  accounts: `${KEPT}/accounts.json`,
  engineConfig: ENGINE_CONFIG,
  engineFlags: `${KEPT}/engine-flags`,
  nodeLabels: `${KEPT}/node-labels.json`,
  updates: `${KEPT}/updates.json`,
  install: `${KEPT}/install.json`,
  probes: `${KEPT}/probes.json`,
  /** The last network that worked, and the one that is or was on trial. */
  goodNetwork: `${KEPT}/network-good.json`,
  triedNetwork: `${KEPT}/network-trial.json`,
  registryHosts: REGISTRY_HOSTS,
  /** Whose signatures count, of `kubesolo-os build --update-keys`. */
  updateKeys: "/usr/lib/kubesolo-os/update-keys.json",
  osRelease: "/etc/os-release",
  /** Who logs in as root, of `kubesolo-os build --ssh`: only its images have a login. */
  rootKeys: "/usr/lib/kubesolo-os/authorized-keys",
  passwd: "/etc/passwd",
  group: "/etc/group",
  /** Where the files lie that take the place of those in /etc. */
  accountFiles: runPath("accounts"),
  /** In its home, a folder for each user. */
  homes: `${DATA}/home`,
  /** Which name has which number: what lies on the disk is somebody's by it. */
  accountNumbers: `${KEPT}/agent/account-numbers.json`,
  /** Only of `kubesolo-os build --faults`. */
  faults: "/usr/lib/kubesolo-os/lib/faults.sh",
  bootPartition: runPath("boot-partition"),
  updateSlot: runPath("update-slot"),
  updateHead: runPath("update-head"),
  updateVolume: runPath("update-volume"),
  updateLock: runPath("update.lock"),
  updateAttempt: runPath("update-attempt.json"),
  trialEnded: runPath("trial-ended"),
  trialFailed: runPath("trial-failed"),
  /** What was done and what failed; a reset keeps it. */
  updateBooks: `${DATA}/update/books.json`,
  /** keys.json of later numbers than the image's, each with its signatures. */
  laterKeys: `${DATA}/update/keys`,
  /** Keys of the configuration that count. */
  trustedKeys: `${DATA}/update/trusted-keys.json`,
  /** The last event of it that Kubernetes has heard of. */
  updateTold: `${DATA}/update/told`,
  supportBundle: runPath("support.tar.gz"),
  supportFolder: runPath("support"),
  supportForStick: runPath("support-for-stick.tar.gz"),
  supportVolume: runPath("support-volume"),
  /** The insertions that have their bundle. */
  supportSticks: runPath("support-sticks"),
  supportStatus: runPath("support-status"),
  systemMetrics: `${runPath("metrics")}/system.prom`,
  updateMetrics: `${runPath("metrics")}/update.prom`,
  engineReady: READY_FILE,
  /** Where the initramfs mounts the slot, or the ISO. */
  medium: "/run/slot",
  installStart: runPath("install-start"),
  installFolder: runPath("install-folder"),
  resetRequest: `${DATA}/reset-requested`,
  log: "/var/log/kubesolo.log",
  commandOutput: "/var/log/cloud-init-output.log",
} as const;
