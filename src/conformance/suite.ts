// Runs specs of Kubernetes' end-to-end tests against a node.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setInterval } from "node:timers";
import { UserError } from "../lib/errors.ts";
import { readTextIfThere } from "../lib/files.ts";
import { runAnyExit } from "../lib/run.ts";
import { registryFile } from "./images.ts";
import { programPath } from "./programs.ts";
import { parseReport, type SpecResult } from "./report.ts";

export interface SuiteOptions {
  /** Host path: for the report and the log. */
  readonly directory: string;
  /** Host path; the tests are its admin. */
  readonly kubeconfig: string;
  /** Host path of kubectl. */
  readonly kubectl: string;
  /** What to put before a command so that it runs where the API server is reached. */
  readonly enter: readonly string[];
  /** Ginkgo's label filter. */
  readonly labels: string;
  /** Full names of specs; all that have the labels when there are none. */
  readonly names: readonly string[];
  /** Regular expressions: no spec of such a name. */
  readonly omitted: readonly string[];
  /** How many specs run at a time. */
  readonly processes: number;
  readonly timeoutMinutes: number;
  /** More flags of the tests' program. */
  readonly testFlags?: readonly string[];
}

/** Runs the specs; returns one result each. `say` gets how many have ended. */
export async function runSuite(options: SuiteOptions, say: (what: string) => void): Promise<SpecResult[]> {
  const { directory, enter } = options;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const log = join(directory, "ginkgo.log");
  const timer = setInterval(() => say(`${countEnded(readTextIfThere(log) ?? "")} specs have run`), 2000);
  try {
    await runAnyExit([...enter, ...suiteCommand(options)], {
      env: { KUBE_TEST_REPO_LIST: registryFile() },
      outputFile: log,
    });
  } finally {
    clearInterval(timer);
  }
  const report = readTextIfThere(join(directory, REPORT));
  const results = report === undefined ? [] : parseReport(report);
  if (results.length > 0) return results;
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-15);
  throw new UserError(["no spec has run", ...lines.map((line) => `  | ${line}`)].join("\n"), {
    hint: `see ${log}`,
  });
}

const REPORT = "report.json";

/** Pure, but for where the programs are. */
function suiteCommand(options: SuiteOptions): string[] {
  const { directory, names, omitted } = options;
  return [
    programPath("ginkgo"),
    `--procs=${options.processes}`,
    `--timeout=${options.timeoutMinutes}m`,
    `--label-filter=${options.labels}`,
    ...names.map((name) => `--focus=${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`),
    ...omitted.map((pattern) => `--skip=${pattern}`),
    "--no-color",
    "--succinct",
    "--silence-skips",
    `--output-dir=${directory}`,
    `--json-report=${REPORT}`,
    programPath("e2e.test"),
    "--",
    "--provider=skeleton",
    `--kubeconfig=${options.kubeconfig}`,
    `--kubectl-path=${options.kubectl}`,
    `--e2e-output-dir=${directory}`,
    "--dump-logs-on-failure=false", // they are in the engine's log
    ...(options.testFlags ?? []),
  ];
}

/** Ginkgo prints a bullet for each spec that has passed, a line in brackets for others. */
function countEnded(log: string): number {
  return [...log.matchAll(/•|^\S*\[(?:FAILED|TIMEDOUT|PANICKED|INTERRUPTED)\]/gm)].length;
}
