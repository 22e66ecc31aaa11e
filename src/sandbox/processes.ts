// The processes of a sandbox, as the host sees them: those of pods too, which have PID namespaces of their own.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface NamedProcess {
  readonly pid: number;
  /** At most 15 characters of its program's name, proc(5). */
  readonly name: string;
}

/** Those in this cgroup and in all below it; a host path. */
export function readProcesses(cgroup: string): NamedProcess[] {
  const own = readIfThere(join(cgroup, "cgroup.procs"))
    .split("\n")
    .filter((line) => line !== "")
    .map((pid) => ({ pid: Number(pid), name: readIfThere(`/proc/${pid}/comm`).trim() }))
    .filter(({ name }) => name !== "");
  return [...own, ...readChildren(cgroup).flatMap(readProcesses)];
}

function readChildren(cgroup: string): string[] {
  try {
    const entries = readdirSync(cgroup, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(cgroup, name));
  } catch {
    return []; // gone while being read
  }
}

/** Processes and cgroups may go while they are read. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
