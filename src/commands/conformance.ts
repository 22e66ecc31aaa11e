import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { runInSandbox } from "../conformance/conformance.ts";
import { exceptions } from "../conformance/exceptions.ts";
import { allImages } from "../conformance/images.ts";
import { describeOutcome, judge, replaceResult, resultSection } from "../conformance/outcome.ts";
import { CONFORMANCE } from "../conformance/suite.ts";
import { readKubernetesVersion } from "../image/engine.ts";
import { UserError } from "../lib/errors.ts";
import { replaceFile } from "../lib/files.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { parseCount } from "./count.ts";

interface Options {
  readonly engine: string;
  readonly processes: number;
  readonly labels: string;
  readonly name: string[];
}

export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("run Kubernetes' own conformance tests against the engine in a sandbox, as root")
    .option("--engine <path>", "folder of the engine's programs", buildPath("engine"))
    .option("--processes <number>", "how many specs run at a time", parseCount, 4)
    .option("--labels <filter>", "which specs, as Ginkgo's label filter", CONFORMANCE)
    .option("--name <text...>", "only specs whose name ends so; the document stays as it is", [])
    .argument("[flags...]", "flags of the engine, after --")
    .action(runConformance);
}

async function runConformance(flags: string[], { engine, processes, labels, name }: Options): Promise<void> {
  const results = await runInSandbox({
    engine: resolve(engine),
    directory: buildPath("test/conformance"),
    images: allImages,
    labels,
    names: name,
    processes,
    flags,
    timeoutMinutes: 120,
  });
  const outcome = judge(results, exceptions);
  console.log(describeOutcome(outcome));
  if (name.length === 0 && labels === CONFORMANCE && flags.length === 0) {
    const document = sourcePath("docs/conformance.md");
    const section = resultSection(outcome, await readKubernetesVersion());
    replaceFile(document, replaceResult(readFileSync(document, "utf8"), section));
  }
  if (outcome.surprises.length > 0)
    throw new UserError(`${outcome.surprises.length} specs did not pass`, {
      hint: `see ${buildPath("test/conformance")}: suite/ginkgo.log, node/engine.log`,
    });
}
