// Pure: what src/bench/guest/counters printed, and what came to pass between two readings.

export interface ProcessUsage {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Memory that is no file's: the kernel can't drop it. */
  readonly anonymousMiB: number;
}

/** Sums since the machine booted, or since the cgroup was made. */
export interface Counters {
  /** Of all processes of Kubernetes, also of those that have ended; pods have cgroups of their own. */
  readonly cpuSeconds: number;
  /** Of the whole machine, the kernel's threads included. */
  readonly machineCpuSeconds: number;
  readonly uptimeSeconds: number;
  readonly writtenBytes: number;
  readonly usedMiB: number;
  readonly processes: readonly ProcessUsage[];
}

/** Linux tells user space about time in hundredths of a second, on every machine (USER_HZ, time(7)). */
const TICKS_PER_SECOND = 100;

/** /sys/block counts in these, whatever the disk's own size is (Documentation/block/stat.rst). */
const SECTOR_BYTES = 512;

export function parseCounters(text: string): Counters {
  const lines = text.trim().split("\n");
  const value = (name: string): number => {
    const line = lines.find((candidate) => candidate.startsWith(`${name} `));
    if (line === undefined) throw new Error(`no counter "${name}" in:\n${text}`);
    return Number(line.slice(name.length + 1));
  };
  return {
    cpuSeconds: value("cpu_usec") / 1e6,
    machineCpuSeconds: value("machine_ticks") / TICKS_PER_SECOND,
    uptimeSeconds: value("uptime_seconds"),
    writtenBytes: value("data_sectors") * SECTOR_BYTES,
    usedMiB: (value("MemTotal_kib") - value("MemAvailable_kib")) / 1024,
    processes: lines.filter((line) => line.startsWith("process ")).map(parseProcess),
  };
}

function parseProcess(line: string): ProcessUsage {
  const [, name = "", ticks, kib] = line.split(" ");
  return { name, cpuSeconds: Number(ticks) / TICKS_PER_SECOND, anonymousMiB: Number(kib) / 1024 };
}
