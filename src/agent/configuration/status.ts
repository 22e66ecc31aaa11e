// `kubesolo-os-agent status`: what was applied, from where, when, and what was wrong with it.
import type { Host } from "../host.ts";
import { describeReport, readReport } from "./report.ts";

export function status(host: Host, args: readonly string[]): number {
  if (args.length > 0 && args[0] !== "--json") {
    host.print("stderr", "usage: kubesolo-os-agent status [--json]");
    return 64;
  }
  const report = readReport(host);
  if (report === undefined) {
    host.print("stderr", "this boot has no configuration yet");
    return 1;
  }
  // It may hold secrets.
  const { decision: _, ...shown } = report;
  host.print(
    "stdout",
    args[0] === "--json" ? JSON.stringify(shown, undefined, 2) : describeReport(report).trimEnd(),
  );
  return 0;
}
