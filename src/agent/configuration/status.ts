// `kubesolo-os-agent status`: which system runs; what of a configuration was applied, from where, when, and what was wrong with it.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { describeUpdates } from "../update/status.ts";
import { describeReport, readReport } from "./report.ts";

export function status(host: Host, { options }: CommandLine): Outcome {
  const system = describeUpdates(host);
  const report = readReport(host);
  if (report === undefined) {
    printRows(host, system);
    host.print("stderr", "this boot has no configuration yet");
    return exitCode.failed;
  }
  // It may hold secrets.
  const { decision: _, ...shown } = report;
  if (options.has("--json")) {
    host.print("stdout", JSON.stringify({ ...system, ...shown }, undefined, 2));
    return exitCode.done;
  }
  printRows(host, system);
  host.print("stdout", describeReport(report).trimEnd());
  return exitCode.done;
}

function printRows(host: Host, rows: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(rows)) host.print("stdout", `${name.padEnd(22)} ${text}`);
}
