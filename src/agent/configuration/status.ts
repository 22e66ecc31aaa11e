// `kubesolo-os-agent status`: what was applied, from where, when, and what was wrong with it.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { describeReport, readReport } from "./report.ts";

export function status(host: Host, { options }: CommandLine): Outcome {
  const report = readReport(host);
  if (report === undefined) {
    host.print("stderr", "this boot has no configuration yet");
    return exitCode.failed;
  }
  // It may hold secrets.
  const { decision: _, ...shown } = report;
  const text = options.has("--json") ? JSON.stringify(shown, undefined, 2) : describeReport(report).trimEnd();
  host.print("stdout", text);
  return exitCode.done;
}
