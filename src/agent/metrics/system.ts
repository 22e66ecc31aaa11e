// The system as Prometheus reads it, but for its updates (update/tell/metrics.ts). Pure.
import type { Report } from "../configuration/report.ts";
import type { DiskHealth, FileSystemHealth } from "../disk-health.ts";
import { gauge } from "./gauge.ts";

export interface BootPart {
  readonly name: string;
  /** Seconds since the kernel started. */
  readonly started: number;
  readonly ended: number;
}

export interface SystemFacts {
  readonly nowMs: number;
  readonly boot: readonly BootPart[];
  readonly data?: { readonly sizeBytes: number; readonly freeBytes: number };
  readonly disks: readonly DiskHealth[];
  readonly fileSystems: readonly FileSystemHealth[];
  /** Undefined: nobody has said so yet. */
  readonly isClockSynced?: boolean;
  /** Undefined: this boot has no configuration yet. */
  readonly report?: Report;
}

export function formatSystemMetrics({
  nowMs,
  boot,
  data,
  disks,
  fileSystems,
  isClockSynced,
  report,
}: SystemFacts): string {
  const engine = boot.find(({ name }) => name === "engine");
  const worn = disks.flatMap(({ name: disk, usedTenths }) =>
    usedTenths.map((tenths, index) => ({ labels: { disk, memory: "AB"[index] ?? "" }, value: tenths / 10 })),
  );
  return [
    gauge("kubesolo_os_clock_timestamp_seconds", "The machine's clock, when these were written.", [
      { value: nowMs / 1000 },
    ]),
    gauge("kubesolo_os_clock_synced", "1 when a time server sets the clock.", values(isClockSynced, Number)),
    gauge(
      "kubesolo_os_boot_part_seconds",
      "How long each part of this boot took; some run beside each other.",
      boot.map(({ name: part, started, ended }) => ({ labels: { part }, value: seconds(ended - started) })),
    ),
    gauge(
      "kubesolo_os_boot_ready_seconds",
      "From the kernel's start until the engine was ready.",
      values(engine, ({ ended }) => ended),
    ),
    gauge(
      "kubesolo_os_data_size_bytes",
      "The data partition's file system.",
      values(data, (each) => each.sizeBytes),
    ),
    gauge(
      "kubesolo_os_data_free_bytes",
      "What is free of it.",
      values(data, (each) => each.freeBytes),
    ),
    gauge(
      "kubesolo_os_filesystem_errors",
      "Errors that ext4 has counted since it was checked last.",
      fileSystems.map(({ device, errors }) => ({ labels: { device }, value: errors })),
    ),
    gauge(
      "kubesolo_os_filesystem_written_bytes",
      "What was written to it in its life.",
      fileSystems.map(({ device, writtenBytes }) => ({ labels: { device }, value: writtenBytes })),
    ),
    gauge(
      "kubesolo_os_disk_life_used_ratio",
      "How much of an eMMC's life is used up, by its own estimate, for each kind of its memory; more than 1: all of it.",
      worn,
    ),
    gauge(
      "kubesolo_os_disk_reserve",
      "An eMMC's reserved blocks: 1 enough, 2 four fifths are used up, 3 nine tenths.",
      disks.flatMap(({ name: disk, reserve }) => values(reserve, (value) => value, { disk })),
    ),
    gauge(
      "kubesolo_os_configuration_info",
      "Always 1; the label says which of the node's configurations counts.",
      values(report, () => 1, { uses: report?.uses ?? "" }),
    ),
    gauge(
      "kubesolo_os_configuration_problems",
      "What of the configuration couldn't be used or carried out.",
      values(report, ({ refusals, problems }) => refusals.length + problems.length),
    ),
    gauge(
      "kubesolo_os_configuration_warnings",
      "What of it is left out.",
      values(report, ({ warnings }) => warnings.length),
    ),
  ].join("");
}

/** A sample of what is known. */
function values<T>(
  known: T | undefined,
  toNumber: (known: T) => number,
  labels: Record<string, string> = {},
) {
  return known === undefined ? [] : [{ labels, value: toNumber(known) }];
}

/** Without what binary fractions leave behind. */
function seconds(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Lines "NAME STARTED ENDED". */
export function parseBootParts(text: string): BootPart[] {
  return text.split("\n").flatMap((line) => {
    const [, name, started, ended] = /^(\S+) ([\d.]+) ([\d.]+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, started: Number(started), ended: Number(ended) }];
  });
}

/** Of what openntpd says, the last word counts; undefined when it hasn't said it yet. */
export function parseClockSync(log: string): boolean | undefined {
  const last = [...log.matchAll(/clock is now (un)?synced/g)].at(-1);
  return last === undefined ? undefined : last[1] === undefined;
}

/** The last line of `df -P -k`. */
export function parseSpace(text: string): SystemFacts["data"] {
  const [, size, , free] = text.trimEnd().split("\n").at(-1)?.split(/\s+/) ?? [];
  if (!(Number(size) > 0) || Number.isNaN(Number(free))) return undefined;
  return { sizeBytes: Number(size) * 1024, freeBytes: Number(free) * 1024 };
}
