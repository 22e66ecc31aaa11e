// What the parts of a running system leave for each other in memory: init's scripts, the agent, the console. Pure. A test
// holds the scripts to it.

export const RUN = "/run/kubesolo-os";

/** Files and folders of RUN: who leaves each, and what it holds. */
export const runFiles = {
  cmdline: "init: our words of the kernel command line, one a line",
  "boot-disk": "initramfs: the name of the disk that the running system is on",
  stages: "init: when each part of the boot began and ended",
  "boot.json": "service boot-times: the same, and the engine's start, for a chart",
  aliases: "30-kernel-modules: the devices that have their drivers",
  "shell-left": "init: there once an operator has left the shell",
  hostname: "ip=: the name that it gives",

  "other-system": "20-persistent-mount: there when another system than this one ran before",
  "other-slot": "20-persistent-mount: where the other slot is mounted while it is held against its sums",
  "fsck.log": "20-persistent-mount: what the program said last",
  "mke2fs.log": "20-persistent-mount: the same",
  "resize2fs.log": "20-persistent-mount: the same",
  "sfdisk.log": "20-persistent-mount: the same",

  "ip-words": "50-network: words of ip= that no link has taken yet",
  taken: "50-network, hotplug: a file a link, the word that it took",
  links: "all: a file a link with an address, what it told of name and time servers",
  leases: "service udhcpc: a file a link, the address that a DHCP server gave",
  dhcp: "agent: a file a link, what of a DHCP answer counts",
  "made-links": "agent: names of links that were made, for the status",
  "network.json": "agent: what was made of which plan in this boot",
  "network-done": "agent: there once the network is set up",
  "links.log": "service links: what DHCP clients said",
  "udhcpc.LINK.log": "init: the same",
  "ntp-servers": "init: time servers of DHCP and ip=",
  "ntpd.conf": "service time: openntpd's configuration",
  "ntpd.log": "service time: what openntpd said",
  "ntpd.pid": "service time: its process",

  "configuration-volume": "agent: where a volume is mounted while it is read and applied",
  "configuration.json": "agent: what this boot made of its configuration",
  "configuration-status": "agent: the same in one line, for the console",
  images: "agent: links to the archives that the engine loads besides its own",
  "image-volume": "agent: the volume that they are on",

  "engine-flags": "90-kubesolo: the engine's command line",
  "engine.state": "service engine: starting, running or waiting",
  "engine.since": "service engine: when that began",
  "engine.started": "service engine: its first start in this boot",
  "engine.pid": "service engine: its process, while there is one",
  "engine.exit": "service engine: its last exit code",
  "engine.wait": "service engine: how long the last pause is",
  "engine.failures": "service engine: how often in a row it ended without having been of use",

  "boot-partition":
    "agent: below it, by process, where the boot partition is mounted while the state of the boot is looked for",
  "update-slot": "agent: below it, by process, where the other slot is mounted while it is written or read",
  "update-head": "agent: the beginning of the bundle that is being looked at",
  "update-volume": "agent: below it, by process, where a stick with an update is mounted while it is read",
  "update.lock": "agent: a link to the process that is making an update",
  "update-attempt.json": "agent: when it last looked for an update by itself, and what came of it",
  "trial-ended": "agent: there once the system on trial was confirmed, or has been given up",
  "trial-failed":
    "agent: why this boot of a slot on trial ends; without it, an orderly end gives the try back",

  "install-start": "agent: a disk's first bytes, while the system is installed",
  "install-folder": "agent: where a file system is mounted that is being installed",
  "install-answer": "50-network: the disk that a person at a console has chosen",

  support: "agent: below it, by process, what a support bundle is put together of",
  "support-for-stick.tar.gz": "agent: the support bundle that is about to be copied onto a stick",
  "support-volume":
    "agent: below it, by process, where a stick is mounted that a support bundle is written onto",
  "support-sticks": "agent: sticks that have their support bundle, as long as they are plugged in",
  "support-status": "agent: how that went, for the status",
  "support.tar.gz": "agent: the support bundle, unless another file is named",
  accounts: "agent: passwd, group and shadow of an image with SSH",
  "ssh-fingerprint": "service ssh: of the machine's key, for the status",
  "ssh.log": "service ssh: what dropbear said",

  metrics: "agent: what the engine adds to its metrics, files in Prometheus' text format",

  status: "service console: the last status",
  noted: "service console: what of it was printed last",
} as const satisfies Readonly<Record<string, string>>;

export type RunFile = keyof typeof runFiles;

export function runPath(file: RunFile): `${typeof RUN}/${RunFile}` {
  return `${RUN}/${file}`;
}
