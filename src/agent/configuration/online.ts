// The second half: when a link has an address, or nobody waits for one any longer. Files that were put off, then runcmd.

import type { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { applyOnline } from "./apply/apply.ts";
import type { Part } from "./boot.ts";
import { readReport, writeReport } from "./report.ts";

/** Code 0 even if a command failed: it is not run again. Other areas come first: they may put back a network that reaches nobody. */
export function online(host: Host, parts: readonly Part[]): ExitCode {
  const report = readReport(host);
  if (report === undefined) return 0;
  const { decision } = report;
  const found =
    decision === undefined
      ? []
      : [...parts.flatMap((part) => part(host, decision)), ...applyOnline(host, decision)];
  writeReport(host, { ...report, isOnlineDone: true, problems: [...report.problems, ...found] });
  for (const text of found) host.print("stderr", `configuration: ${text}`);
  return 0;
}
