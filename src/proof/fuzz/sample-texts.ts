// Texts that fuzzing begins with: what init, the kernel and programs print.

const panic =
  "init: the last words of the kernel before this boot:\nPanic#1 Part1\n<0>Kernel panic - not syncing\n";

export const kernelWordsSamples: readonly string[] = [
  "kubesolo.root=PARTUUID=1234-03\nkubesolo.slot=A\nkubesolo.generation=12\nkubesolo.verity=100,ab,cd\nkubesolo.version=1.0.0\n",
  "kubesolo.slot=B\nkubesolo.generation=7\nkubesolo.trial\nkubesolo.network_limit=60\nip=dhcp\nquiet\n",
  "kubesolo.slot=A\nkubesolo.reason=tries-exhausted\nkubesolo.esp=empty\nkubesolo.cloudinit=/dev/sdb1\nkubesolo.debug\n",
];

/** Valid lines by what prints them. */
export const textSamples: Readonly<Record<string, readonly string[]>> = {
  filefrag: [
    " ext:     logical_offset:        physical_offset: length:   expected: flags:\n   0:        0..       1:       4106..      4107:      2:             last,eof\n",
  ],
  blkid: [
    "DEVNAME=/dev/sda\nLABEL=CIDATA\nTYPE=vfat\n\nDEVNAME=/dev/sdb1\nPARTLABEL=KSOLOEFI\nTYPE=ext4\nLABEL=A\\ b\n",
  ],
  pods: [
    "kube-system\trouter-x7\tDaemonSet\trouter\t\tTrue\t2026-01-01T00:00:00Z\t1 0\ndefault\tweb-5f-a\tReplicaSet\tweb-5f\t5f\tFalse\t\t\n",
  ],
  uevent: ["MAJOR=254\nMINOR=3\nDEVNAME=vda3\nDEVTYPE=partition\nPARTN=3\nPARTNAME=KSOLOA\n"],
  date: ["7 23:59\n"],
  window: ["sat,sun 22:00-04:00", "mon-fri 02:00-04:00", "00:00-00:00"],
  log: [
    `init: KubeSolo OS 1.0.0, slot A\nupdate: 1.1.0, slot B, is on trial from the next boot on\ninit: KubeSolo OS 1.1.0, slot B, on trial\ninit: 40-sysctl: done at 3 s\n${panic}init: KubeSolo OS 1.0.0, slot A\n`,
  ],
};

/** A configuration that has the agent keep books of all kinds. */
export function configuredUserData(key: string): string {
  return [
    "#cloud-config",
    "hostname: box",
    "timezone: Europe/Berlin",
    "ntp: {servers: [10.0.0.1]}",
    "write_files: [{path: /usr/local/a, content: text}]",
    "runcmd: [[echo, once]]",
    "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1}}}",
    "kubesolo:",
    "  node_labels: {site: barn}",
    `  updates: {source: "/srv", channel: stable, auto: true, window: "00:00-00:00", keys: ["${key}"]}`,
    "  probes: [{name: web, exec: [web]}, {name: door, tcp: '127.0.0.1:80'}]",
    "",
  ].join("\n");
}
