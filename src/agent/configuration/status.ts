// `kubesolo-os-agent status`: which system runs; what of a configuration was applied, from where, when, and what was wrong with it.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { describeUpdates, listUpdates } from "../update/tell/status.ts";
import { describeReport, readReport } from "./report.ts";

export function status(host: Host, { options }: CommandLine): Outcome {
  const report = readReport(host);
  if (options.has("--json")) {
    // It may hold secrets.
    const { decision: _, ...shown } = report ?? {};
    host.print("stdout", JSON.stringify({ ...listUpdates(host), ...shown }, undefined, 2));
  } else {
    printRows(host, describeUpdates(host));
    if (report !== undefined) host.print("stdout", describeReport(report).trimEnd());
  }
  if (report !== undefined) return exitCode.done;
  host.print("stderr", "this boot has no configuration yet");
  return exitCode.failed;
}

function printRows(host: Host, rows: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(rows)) host.print("stdout", `${name.padEnd(22)} ${text}`);
}
