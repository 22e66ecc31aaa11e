// Processes, by their numbers.
import type { Host } from "../host.ts";

/** This one's, such as "123". */
export function processId(host: Host): string {
  return host.readText("/proc/self/stat", 4096).split(" ", 1)[0] ?? "";
}

export function runs(host: Host, id: string): boolean {
  return host.stat(`/proc/${id}`) !== undefined;
}
