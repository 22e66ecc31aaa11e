import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { runInSandbox } from "../conformance/conformance.ts";
import { exceptions } from "../conformance/exceptions.ts";
import { describeOutcome, judge, replaceResult, suiteSection } from "../conformance/outcome.ts";
import { findSuite, type SuiteName, suiteNames } from "../conformance/suites.ts";
import { readKubernetesVersion } from "../image/engine.ts";
import { UserError } from "../lib/errors.ts";
import { replaceFile } from "../lib/files.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { parseCount } from "./count.ts";

interface Options {
  readonly engine: string;
  readonly processes: number;
  readonly suite: SuiteName[];
  readonly labels?: string;
  readonly name: string[];
}

export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("run Kubernetes' own tests against the engine in a sandbox, as root")
    .option("--engine <path>", "folder of the engine's programs", buildPath("engine"))
    .option("--processes <number>", "how many specs run at a time", parseCount, 4)
    .addOption(
      new Option("--suite <name...>", "which of them, each on a fresh node")
        .choices(suiteNames)
        .default(suiteNames, "all"),
    )
    .option("--labels <filter>", "instead of the suites' specs those, as Ginkgo's label filter")
    .option("--name <text...>", "only specs whose name ends so; the document stays as it is", [])
    .argument("[flags...]", "flags of the engine, after --")
    .action(runConformance);
}

async function runConformance(flags: string[], options: Options): Promise<void> {
  const failed: string[] = [];
  for (const name of options.labels === undefined ? options.suite : options.suite.slice(0, 1))
    if (!(await runOne(name, flags, options))) failed.push(name);
  if (failed.length > 0)
    throw new UserError(`specs did not pass: ${failed.join(", ")}`, {
      hint: `see ${failed.map(logsOf).join(", ")}: suite/ginkgo.log, node/engine.log`,
    });
}

/** Says whether all passed that should. */
async function runOne(
  suiteName: SuiteName,
  flags: readonly string[],
  { engine, processes, labels, name }: Options,
): Promise<boolean> {
  const suite = findSuite(suiteName);
  const results = await runInSandbox({
    engine: resolve(engine),
    directory: logsOf(suiteName),
    images: suite.images,
    hasDriver: suite.hasDriver ?? false,
    labels: labels ?? suite.labels,
    names: name,
    omitted: labels === undefined ? suite.omissions.map(({ pattern }) => pattern) : [],
    processes,
    flags,
    timeoutMinutes: 180,
  });
  const outcome = judge(results, exceptions, suite.isStrict);
  console.log(describeOutcome(outcome));
  if (name.length === 0 && labels === undefined && flags.length === 0) {
    const document = sourcePath("docs/conformance.md");
    const section = suiteSection(suite, outcome, await readKubernetesVersion());
    replaceFile(document, replaceResult(readFileSync(document, "utf8"), suite.title, section));
  }
  return outcome.surprises.length === 0;
}

function logsOf(suiteName: string): string {
  return buildPath("test/conformance", suiteName);
}
