// Stands in for the agent's entry (src/agent/main.device.ts) in a program of the same runtime: runs the rows and prints what
// they came to.
import type { Host } from "../../../src/agent/host.ts";
import { runRows, type World } from "./row.ts";
import { deviceRows } from "./table.ts";

export function main(host: Host, [world = "{}"]: readonly string[]): number {
  host.print("stderr", "to stderr");
  host.print("stdout", JSON.stringify(runRows(host, deviceRows, JSON.parse(world) as World)));
  return 7;
}
