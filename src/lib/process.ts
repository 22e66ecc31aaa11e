// Is that process still the one we started? A pid alone may have been given to another.
import { readFileSync } from "node:fs";

export interface ProcessId {
  readonly pid: number;
  /** Start time in clock ticks since the host's boot, proc(5). */
  readonly startTicks: number;
}

/** The process with this pid, or undefined when there is none or only its exit code is left. */
export function findProcess(pid: number): ProcessId | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // "PID (NAME) STATE …": the name may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie whose other threads still run (field num_threads) still holds its ports and files.
  const isZombie = fields[0] === "Z" || fields[0] === "X";
  if (isZombie && Number(fields[17]) <= 1) return undefined;
  return { pid, startTicks: Number(fields[19]) };
}

export function isRunning(process: ProcessId): boolean {
  return findProcess(process.pid)?.startTicks === process.startTicks;
}

function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // ENOENT, or ESRCH when it ends while being read
  }
}
