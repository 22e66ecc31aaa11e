// The bundle's entry: the runtime calls agent.main and exits with what it returns.
import { withFaults } from "./faults.ts";
import type { Host } from "./host.ts";
import { runAgent } from "./main.ts";

export function main(host: Host, args: readonly string[], version: string): number {
  return runAgent(withFaults(host), args, version);
}
