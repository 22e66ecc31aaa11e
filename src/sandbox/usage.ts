// What a process has used, from /proc/PID/stat and /proc/PID/status (proc(5)).
import { readFileSync } from "node:fs";

export interface Usage {
  /** User and system time since its start, without its children's. */
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** The part of it that is no file's: what other processes can't share and the kernel can't drop. */
  readonly anonymousMiB: number;
}

/** Linux tells user space about time in hundredths of a second, on every machine (USER_HZ, time(7)). */
const TICKS_PER_SECOND = 100;

export function readUsage(pid: number): Usage {
  return parseUsage(readFileSync(`/proc/${pid}/stat`, "utf8"), readFileSync(`/proc/${pid}/status`, "utf8"));
}

export function parseUsage(stat: string, status: string): Usage {
  // "PID (NAME) STATE …": the name may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const mebibytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) / 1024;
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentMiB: mebibytes("VmRSS"),
    anonymousMiB: mebibytes("RssAnon"),
  };
}
