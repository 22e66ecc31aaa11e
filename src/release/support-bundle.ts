// What a support bundle holds: the agent makes it on the device, the workstation explains it. Pure.
import * as v from "valibot";

/** Where the API server gives it out; who may do everything may ask for it. */
export const SUPPORT_PATH = "/kubesolo-os/support";

/** Files of a bundle, and what each holds. */
export const supportParts = {
  "versions.txt": "the system, its kernel, and the words on the kernel command line",
  "status.txt": "what the console shows",
  "updates.json":
    "the running system, the state of the boot, an update under way, channels, versions in quarantine",
  "history.txt": "updates that were made here, and what became of them",
  "last-words.txt": "the end of what systems said that failed on trial",
  "boot.txt": "when each part of this boot began and ended, in seconds since the kernel started",
  "configuration.txt": "which configuration counts, and what was wrong with it",
  "configuration-explained.txt": "what it has the node do",
  "engine-configuration.yaml": "all settings of the engine",
  "engine.txt": "the engine's state, its last exit code, and each of its parts",
  "crash.txt": "the last panic of the engine",
  "system.log": "init, agent and engine: /var/log/kubesolo.log and the one before it",
  "kernel.log": "the kernel's log",
  "nodes.txt": "the node, as kubectl describes it",
  "objects.txt": "pods, Services, claims, volumes, webhooks",
  "events.txt": "Kubernetes' events",
  "disks.txt": "disks and their wear, partitions, file systems with their space and errors",
  "mounts.txt": "what is mounted where",
  "data-folders.txt": "what takes the space of the data partition, in KiB",
  "memory.txt": "memory, pressure, and processes by name, in KiB",
  "network.txt": "links, addresses, routes, neighbours, name servers",
  "dhcp.log": "what DHCP clients said",
  "clock.txt": "the time, the hardware's clock, the time servers and what they said",
} as const satisfies Readonly<Record<string, string>>;

export type SupportPart = keyof typeof supportParts;

/** The list of contents, a file of the bundle as well. */
export const SUPPORT_INDEX = "index.json";

export const SupportIndexSchema = v.object({
  format: v.literal(1),
  /** Milliseconds since 1970, by the machine's clock. */
  madeMs: v.number(),
  version: v.string(),
  machine: v.string(),
  /** Names of parts that are missing, or not whole, and why. */
  missing: v.record(v.string(), v.string()),
});

export type SupportIndex = v.InferOutput<typeof SupportIndexSchema>;

/** "support-edge-7-20261130-0915.tar.gz" */
export function supportFileName({ machine, madeMs }: Pick<SupportIndex, "machine" | "madeMs">): string {
  const [day = "", time = ""] = new Date(madeMs).toISOString().split("T");
  const name = machine.replace(/[^\w.-]/g, "_") || "box";
  return `support-${name}-${day.replaceAll("-", "")}-${time.slice(0, 5).replace(":", "")}.tar.gz`;
}
