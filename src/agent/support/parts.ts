// Where each part of a support bundle comes from. Pure but for what is made of the agent's own facts.

import { runPath } from "../../release/run-files.ts";
import type { SupportPart } from "../../release/support-bundle.ts";
import { explain } from "../cloud-init/explain.ts";
import { describeReport, readReport } from "../configuration/report.ts";
import { describeDiskHealth, readDiskHealth, readFileSystemHealth } from "../disk-health.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { readBooks } from "../update/books.ts";
import { describeHistory } from "../update/tell/history.ts";
import { listUpdates } from "../update/tell/status.ts";

/** A piece of a part. A program is run with its name above what it printed, a file is read; the end of what is too long is kept. */
export type Piece =
  | { readonly run: readonly string[] }
  /** Only where the API server answers: each call of kubectl takes some CPU-seconds on a small machine. */
  | { readonly kubectl: readonly string[] }
  /** With `*` at its end: all whose names begin so. */
  | { readonly file: string }
  | { readonly make: (host: Host) => string };

const LOG_BYTES = 393_216;
const CLOCK = "/data/clock";

/** The longest that is taken of each piece, where it isn't the usual. */
export const pieceBytes: Partial<Readonly<Record<SupportPart, number>>> = {
  "system.log": LOG_BYTES,
  "kernel.log": 262_144,
};

export const pieces: Readonly<Record<SupportPart, readonly Piece[]>> = {
  "versions.txt": [
    { file: places.osRelease },
    { file: "/proc/version" },
    { file: "/proc/cmdline" },
    { file: places.commandLine },
    { file: "/proc/uptime" },
  ],
  "status.txt": [{ file: runPath("status") }],
  "updates.json": [{ make: (host) => `${JSON.stringify(listUpdates(host), undefined, 1)}\n` }],
  "history.txt": [{ make: (host) => joined(describeHistory(readBooks(host))) }],
  "last-words.txt": [{ file: "/data/update/failed/*" }],
  "boot.txt": [{ file: runPath("stages") }],
  "configuration.txt": [{ make: describeConfiguration }],
  "configuration-explained.txt": [{ make: explainConfiguration }],
  "engine-configuration.yaml": [{ make: engineConfiguration }],
  "engine.txt": [
    { file: runPath("engine.state") },
    { file: runPath("engine.exit") },
    { file: runPath("engine.failures") },
    { file: "/run/kubesolo/network-overlap" },
    { file: "/run/kubesolo/access" },
    { file: "/var/lib/kubesolo/quarantine/*" },
    { run: ["kubesolo", "status"] },
  ],
  "crash.txt": [{ file: "/var/lib/kubesolo/crash.txt" }, { file: "/var/lib/kubesolo/crash.txt.last" }],
  "system.log": [{ file: `${places.log}.1` }, { file: places.log }],
  "kernel.log": [{ run: ["dmesg"] }],
  "nodes.txt": [{ kubectl: ["describe", "nodes"] }],
  "objects.txt": [
    { kubectl: ["get", "pods,services,persistentvolumeclaims", "--all-namespaces", "--output=wide"] },
    {
      kubectl: [
        "get",
        "persistentvolumes,validatingwebhookconfigurations,mutatingwebhookconfigurations",
        "--output=wide",
      ],
    },
  ],
  "events.txt": [{ kubectl: ["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp"] }],
  "disks.txt": [
    { make: (host) => describeDiskHealth(readDiskHealth(host), readFileSystemHealth(host)) },
    { file: "/proc/partitions" },
    { run: ["df", "-P", "-k"] },
    { run: ["df", "-i", "/data"] },
    { run: ["blkid"] },
  ],
  "mounts.txt": [{ file: "/proc/mounts" }],
  "data-folders.txt": [{ run: ["du", "-x", "-k", "-d", "2", "/data"] }],
  "memory.txt": [
    { file: "/proc/meminfo" },
    { file: "/proc/loadavg" },
    { file: "/proc/pressure/*" },
    // Names only: arguments may hold secrets.
    { run: ["ps", "-o", "pid,ppid,rss,stat,comm"] },
  ],
  "network.txt": [
    { run: ["ip", "addr"] },
    { run: ["ip", "route"] },
    { run: ["ip", "-6", "route"] },
    { run: ["ip", "neigh"] },
    { file: "/etc/resolv.conf" },
    { file: `${runPath("links")}/*` },
  ],
  "dhcp.log": [{ file: runPath("links.log") }, { file: "/run/kubesolo-os/udhcpc.*" }],
  "clock.txt": [
    { make: (host) => `${new Date(host.now()).toISOString()}\n` },
    { file: "/sys/class/rtc/rtc0/date" },
    { file: "/sys/class/rtc/rtc0/time" },
    { file: "/usr/lib/kubesolo-os/epoch" },
    { file: CLOCK },
    { file: runPath("ntpd.conf") },
    { file: runPath("ntpd.log") },
  ],
};

function describeConfiguration(host: Host): string {
  const report = readReport(host);
  return report === undefined ? "this boot has no configuration yet\n" : describeReport(report);
}

function explainConfiguration(host: Host): string {
  const decision = readReport(host)?.decision;
  return decision === undefined ? "built-in defaults\n" : `${explain(decision)}\n`;
}

/** It masks secrets itself. */
function engineConfiguration(host: Host): string {
  const flags =
    host.stat(runPath("engine-flags")) === undefined ? "" : host.readText(runPath("engine-flags"), 65_536);
  const args = ["kubesolo", ...flags.split(/\s+/).filter((word) => word !== ""), "--print-config"];
  const { stdout, stderr } = host.run(args, { timeoutMs: 20_000 });
  return `${stdout}${stderr}`;
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
