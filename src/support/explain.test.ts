// What is wrong with a made-up device, found in the bundle that the agent's own code makes of it.
import { expect, test } from "vitest";
import { type Sick, supportBundleOf } from "../../test/agent/device/support-bundle.ts";
import { causes, describeFindings, findCauses } from "./explain.ts";

const log = (...lines: string[]): Sick => ({
  files: { "/var/log/kubesolo.log": lines.map((line) => `${line}\n`).join("") },
});
const kernel = (line: string): Sick => ({ programs: { dmesg: `[    3.1] ${line}\n` } });
const events = (line: string): Sick => ({
  programs: { "kubesolo kubectl get events": `default  2m  Warning  ${line}\n` },
});
const node = (line: string): Sick => ({
  programs: { "kubesolo kubectl describe nodes": `Conditions:\n${line}\n` },
});
const word = (text: string): Sick => ({ files: { "/run/kubesolo-os/cmdline": `${text}\n` } });
const books = (history: readonly object[], refused: readonly object[] = []): Sick => ({
  files: { "/data/update/books.json": JSON.stringify({ quarantine: [], history, refused }) },
});
const emmc = (lifeTime: string, reserve = "0x01") => ({
  "/sys/block/mmcblk0/device/life_time": `${lifeTime}\n`,
  "/sys/block/mmcblk0/device/pre_eol_info": `${reserve}\n`,
  "/sys/block/mmcblk0/device/name": "DA4064\n",
  "/sys/block/mmcblk0/size": "122142720\n",
  "/sys/block/mmcblk0/stat": "1 2 3 4 5 6 7 8\n",
});

const READY = "kubesolo: engine: ready in 12.1 s (api 3.0)";
const WEBHOOK =
  'failed calling webhook "deny.example": failed to call webhook: no endpoints available for service "deny"';

const faults: readonly (readonly [fault: string, sick: Sick, found: readonly string[]])[] = [
  [
    "a disk that gives I/O errors",
    kernel("I/O error, dev vda, sector 4098 op 0x1:(WRITE) flags 0x800"),
    ["disk-errors"],
  ],
  [
    "a disk that the engine can't write to",
    log(
      "kubesolo: kine: the disk of /var/lib/kubesolo/kine/db/state.db gives trouble (input/output error): see what the kernel says",
    ),
    ["disk-errors"],
  ],
  [
    "a file system that became read-only",
    kernel("EXT4-fs (vda5): Remounting filesystem read-only"),
    ["file-system-errors"],
  ],
  [
    "errors that ext4 has counted",
    {
      files: { "/sys/fs/ext4/vda5/errors_count": "3\n", "/sys/fs/ext4/vda5/lifetime_write_kbytes": "2048\n" },
    },
    ["file-system-errors"],
  ],
  [
    "a data partition without room",
    { programs: { "df -P -k": "/dev/vda5  1000 990 10 99% /data\n" } },
    ["disk-full"],
  ],
  [
    "a full one at the start",
    log("init: 20-persistent-mount: the data partition /dev/vda5 is full: the engine may not start"),
    ["disk-full"],
  ],
  ["a database without room", log("kubesolo: kine: the disk of /x is full: free some room"), ["disk-full"]],
  [
    "one that has room again",
    log(
      "kubesolo: kine: the disk of /x is full: free some room",
      "kubesolo: kine: the disk of /x takes writes again",
    ),
    [],
  ],
  ["a kubelet that evicts", node("  DiskPressure     True    Mon, 30 Nov 2026"), ["disk-full"]],
  ["an eMMC that is used up", { files: emmc("0x02 0x0a") }, ["disk-worn"]],
  ["an eMMC without reserve", { files: emmc("0x02 0x02", "0x03") }, ["disk-worn"]],
  ["an eMMC that is new", { files: emmc("0x01 0x01") }, []],
  [
    "a database that makes no sense",
    log(
      "kubesolo: kine: the database /var/lib/kubesolo/kine/db/state.db is damaged (malformed) and was left as it is; restore its folder from a backup",
    ),
    ["database-damaged"],
  ],
  [
    "a root that has rotted",
    kernel("device-mapper: verity: 7:0: data block 17 is corrupted"),
    ["root-damaged"],
  ],
  ["a slot that doesn't verify", word("kubesolo.reason=slot-damaged"), ["root-damaged"]],
  [
    "no data partition",
    log("init: 20-persistent-mount: NO DATA PARTITION: started from an ISO or the network"),
    ["no-data-partition"],
  ],
  [
    "a data partition of somebody else's",
    log("init: 20-persistent-mount: the data partition /dev/vda5 holds swap, not ext4: it stays as it is"),
    ["foreign-data-partition"],
  ],
  [
    "a kernel without nftables",
    log(
      "kubesolo: preflight: problem: the kernel has no nftables, which kube-proxy needs; modprobe nf_tables",
    ),
    ["kernel-feature"],
  ],
  [
    "the same, and then a start that went well",
    log("kubesolo: preflight: problem: the kernel has no nftables; modprobe", READY),
    [],
  ],
  ["no cgroup controller", log("init: 00-early-mount: no cgroup controller: memory"), ["kernel-feature"]],
  [
    "too little memory",
    log("kubesolo: preflight: warning: there are 256 MB of memory; less than 384 MB is not tested"),
    ["little-memory"],
  ],
  [
    "a port that is taken",
    log("kubesolo: preflight: problem: port 6443, for the API server, is taken by nginx (pid 7); stop it"),
    ["port-taken"],
  ],
  ["flags that aren't any", { files: { "/run/kubesolo-os/engine.exit": "64\n" } }, ["engine-settings"]],
  [
    "a panic",
    log("kubesolo: containerd: the last run ended by a panic: nil map, in f; all of it is in /x"),
    ["engine-panic"],
  ],
  [
    "an image that ended the engine",
    log("kubesolo: engine: docker.io/a/b:1 may have ended the engine: it is tried alone"),
    ["image-quarantined"],
  ],
  [
    "a CA that has ended",
    log(
      "kubesolo: pki: the CA /etc/kubesolo/ca.crt ended at 2026-01-01; this machine's clock says 2026-11-30",
    ),
    ["certificates"],
  ],
  [
    "a client CA that can't be used",
    {
      files: {
        "/run/kubesolo-os/status":
          "KubeSolo OS 1.2.3\n  access     no tokens of others are taken: no issuer\n",
      },
    },
    ["access-configuration"],
  ],
  [
    "a runtime that can't be used",
    log("kubesolo: containerd: /etc/containerd/conf.d is left out: 10-crun.toml: line 1, column 11: toml: …"),
    ["setting-left-out"],
  ],
  [
    "a webhook that fails closed",
    log(`kubesolo: kubelet: cannot make the node, trying again: ${WEBHOOK}`),
    ["refused-by-webhook"],
  ],
  [
    "one that lets it through after all",
    log(
      `kubesolo: kubelet: cannot make the node, trying again: ${WEBHOOK}`,
      "kubesolo: kubelet: made the node after all",
    ),
    [],
  ],
  [
    "a webhook that refuses pods",
    events(`FailedCreate  replicaset/a  Error creating: Internal error occurred: ${WEBHOOK}`),
    ["refused-by-webhook"],
  ],
  [
    "volumes that promise more than the disk has",
    node("  VolumesLargerThanDisk  True  Mon  Mon  MorePromisedThanThere  the volumes in /v promise 58Gi"),
    ["volumes-larger-than-disk"],
  ],
  [
    "a network that is the cluster's, too",
    {
      files: {
        "/run/kubesolo/network-overlap":
          "the network 10.42.0.0/16 of eth0 overlaps that of the cluster's pods\n",
      },
    },
    ["networks-overlap"],
  ],
  [
    "a network that reached nothing",
    log(
      "configuration: the network's configuration doesn't work: 10.0.0.1 doesn't answer; trying DHCP on every wired link",
    ),
    ["network-given-up"],
  ],
  ["no card", log("init: 50-network: no wired network link"), ["no-card"]],
  [
    "no DHCP answer",
    {
      files: {
        "/run/kubesolo-os/status":
          "KubeSolo OS 1.2.3\n  addresses  none yet: nobody else reaches this node\n",
      },
    },
    ["no-address"],
  ],
  [
    "an address that is lost",
    log(
      "kubesolo: address: the node's address has changed from 10.0.2.15 to 10.42.0.1: starting again with the new one",
    ),
    ["no-address"],
  ],
  [
    "a clock of 1970",
    log("init: 70-clock: the clock says 1970-01-01; setting it to the release's date"),
    ["clock-wrong"],
  ],
  [
    "no time server",
    { files: { "/run/kubesolo-os/ntpd.log": "no reply from 10.0.2.77 received in time, next query 300s\n" } },
    ["no-time-server"],
  ],
  [
    "one that answers later",
    {
      files: {
        "/run/kubesolo-os/ntpd.log":
          "no reply from 10.0.2.77\npeer 10.0.2.77 now valid\nclock is now synced\n",
      },
    },
    [],
  ],
  [
    "an update that was undone",
    books([{ atMs: 0, what: "failed", version: "1.3.0", slot: "B", why: "unhealthy" }]),
    ["update-undone"],
  ],
  ["an update that is confirmed", books([{ atMs: 0, what: "confirmed", version: "1.3.0", slot: "B" }]), []],
  [
    "a release that was refused",
    books([], [{ atMs: 0, source: "https://a.example", why: "its profile is vm", times: 1 }]),
    ["update-refused"],
  ],
  ["a state of the boot that is lost", word("kubesolo.reason=state-lost"), ["state-lost"]],
  ["three tries that failed", word("kubesolo.reason=tries-exhausted"), ["tries-exhausted"]],
  [
    "a kernel that panicked",
    { files: { "/data/update/failed/1.3.0.log": "Kernel panic - not syncing: Attempted to kill init!\n" } },
    ["kernel-panic"],
  ],
  [
    "a configuration that can't be used",
    { report: { uses: "last good", refusals: ["user-data:2: hostname: must be a name"] } },
    ["configuration-not-used"],
  ],
  ["a part that failed", { report: { problems: ["runcmd: exit code 1"] } }, ["configuration-problems"]],
  [
    "a pod at its limit of memory",
    kernel("Memory cgroup out of memory: Killed process 812 (java) total-vm:1k"),
    ["out-of-memory"],
  ],
  [
    "a host port of the engine's",
    events(
      "FailedCreatePodSandBox  pod/b  port 6443/TCP of the node belongs to the API server; choose another",
    ),
    ["host-port-conflict"],
  ],
  [
    "a pod that is held",
    events(
      "FailedCreatePodSandBox  pod/b  it ended the engine (nil map in f) and isn't tried again before 2026-11-30 11:00 UTC",
    ),
    ["image-quarantined"],
  ],
  [
    "a host port twice",
    events(
      "FailedScheduling  pod/b  0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    ),
    ["host-port-conflict"],
  ],
  [
    "a pod that is too large",
    events("FailedScheduling  pod/b  0/1 nodes are available: 1 Insufficient memory."),
    ["does-not-fit"],
  ],
  [
    "an archive that is cut off",
    log("kubesolo: images: /x.tar: the archive is cut off: unexpected EOF"),
    ["image-damaged"],
  ],
  [
    "a layer that is damaged",
    events("Failed  pod/a  Failed to unpack: failed to extract layer sha256:1: gzip: invalid checksum"),
    ["image-damaged"],
  ],
  [
    "a registry that is away",
    events(
      'Failed  pod/a  Failed to pull image "docker.io/a:1": dial tcp: lookup registry.example: no such host',
    ),
    ["image-not-pulled"],
  ],
  [
    "a claim without a place",
    events("ProvisioningFailed  persistentvolumeclaim/a  no room"),
    ["volume-not-made"],
  ],
  [
    "rules that somebody flushes",
    log("kubesolo: rules: somebody has changed the nftables rules of kube-proxy: put back"),
    ["rules-changed"],
  ],
  [
    "a pod that ends at once",
    events("BackOff  pod/a  Back-off restarting failed container a in pod a"),
    ["crashing-pod"],
  ],
];

test("a device that is well has nothing", async () => {
  expect(findCauses(await supportBundleOf(log(READY)))).toEqual([]);
});

test.each(faults)("%s", async (_fault, sick, found) => {
  const findings = findCauses(await supportBundleOf(sick));
  expect(findings.map(({ cause }) => cause.name)).toEqual(found);
});

test("each cause has a fault that shows it, and a name of its own", () => {
  const names = causes.map(({ name }) => name);
  expect([...new Set(faults.flatMap(([, , found]) => found))].sort()).toEqual([...names].sort());
});

test("a person reads what it is, by which lines, and what to do; the likeliest first", async () => {
  const bundle = await supportBundleOf({
    files: {
      "/var/log/kubesolo.log": `${"kubesolo: kine: the disk of /x is full: free some room\u001b[31m\n".repeat(5)}`,
    },
    programs: {
      dmesg: "[    3.1] I/O error, dev vda, sector 4098\n",
      "kubesolo kubectl describe": { exitCode: 1, stderr: "refused\n" },
    },
  });
  expect(describeFindings(bundle, findCauses(bundle))).toBe(
    `edge-7, KubeSolo OS 1.2.3, at 2026-01-01T00:00:00.000Z by its clock

1. the disk fails: the kernel can't read or write parts of it
     kernel.log: [    3.1] I/O error, dev vda, sector 4098
   do: replace the disk; what can still be read of /var/lib/kubesolo is worth a copy first

2. the data partition is full
     system.log: kubesolo: kine: the disk of /x is full: free some room?[31m (4 more like this)
   do: make room: delete images, volumes or pods that aren't needed; data-folders.txt says what takes it

Not in it, or not whole:
   nodes.txt: kubectl describe nodes: exit code 1
   objects.txt: the API server didn't answer; the API server didn't answer
   events.txt: the API server didn't answer
`,
  );
});
