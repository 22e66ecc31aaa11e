// `kubesolo-os-agent metrics`: what the engine adds to its metrics of the system around it, anew.
import { runPath } from "../../release/run-files.ts";
import { readReport } from "../configuration/report.ts";
import { readDiskHealth, readFileSystemHealth } from "../disk-health.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { attempt, readOwnText } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import {
  formatSystemMetrics,
  parseBootParts,
  parseClockSync,
  parseSpace,
  type SystemFacts,
} from "./system.ts";

const MAX_BYTES = 65_536;

export function metricsCommand(host: Host): ExitCode {
  const problems = writeMetrics(host);
  for (const problem of problems) host.print("stderr", problem);
  return problems.length === 0 ? exitCode.done : exitCode.failed;
}

/** What hindered it. */
export function writeMetrics(host: Host): readonly string[] {
  return attempt("metrics", () => {
    host.writeFile(places.systemMetrics, formatSystemMetrics(readSystemFacts(host)));
    return [];
  });
}

function readSystemFacts(host: Host): SystemFacts {
  const text = (path: string) => readOwnText(host, path, MAX_BYTES) ?? "";
  const data = parseSpace(host.run(["df", "-P", "-k", "/data"], { timeoutMs: 10_000 }).stdout);
  const isClockSynced = parseClockSync(text(runPath("ntpd.log")));
  const report = readReport(host);
  return {
    nowMs: host.now(),
    boot: parseBootParts(text(runPath("stages"))),
    disks: readDiskHealth(host),
    fileSystems: readFileSystemHealth(host),
    ...(data === undefined ? {} : { data }),
    ...(isClockSynced === undefined ? {} : { isClockSynced }),
    ...(report === undefined ? {} : { report }),
  };
}
