import { Argument, Command } from "commander";
import { readSourceCommit } from "../lib/commit.ts";
import { UserError } from "../lib/errors.ts";
import { buildPath } from "../lib/paths.ts";
import { differences, type FuzzCount, fuzz } from "../proof/fuzz/fuzz.ts";
import { buildFuzzPrograms, type Runtime } from "../proof/fuzz/programs.ts";
import { addToRecord } from "../proof/fuzz/record.ts";
import { type FuzzTargetName, fuzzTargetNames, fuzzTargets } from "../proof/fuzz/targets/targets.ts";
import { parseCount, parseNumber } from "./count.ts";

interface Options {
  readonly inputs: number;
  readonly agentInputs: number;
  readonly seed: number;
  readonly from: number;
}

export function fuzzCommand(): Command {
  return new Command("fuzz")
    .description(
      "feed spoiled files to what reads them, in Node and in the agent's runtime; it goes on where it was",
    )
    .addArgument(new Argument("[target...]", "what is fed").choices(fuzzTargetNames).default(fuzzTargetNames))
    .option("--inputs <number>", "of each target in Node; 0: none", parseNumber, 10_000)
    .option("--agent-inputs <number>", "and in the agent's runtime", parseNumber, 1000)
    .option("--seed <number>", "the same seed makes the same inputs", parseCount, 1)
    .option("--from <number>", "the first input's number: to see one again", parseNumber, 0)
    .addHelpText("after", `\n${targetList()}`)
    .action(async (targets: FuzzTargetName[], { inputs, agentInputs, seed, from }: Options) => {
      const folder = buildPath("reliability/fuzz");
      const wanted: Readonly<Record<Runtime, number>> = { node: inputs, agent: agentInputs };
      const runtimes = (["node", "agent"] as const).filter((runtime) => wanted[runtime] > 0);
      const programs = await buildFuzzPrograms(folder, runtimes);
      const when = { commit: await readSourceCommit(), date: new Date().toISOString(), seed };
      const problems: string[] = [];
      for (const target of targets) {
        const counts: FuzzCount[] = [];
        for (const runtime of runtimes)
          counts.push(await fuzz({ target, runtime, seed, from, inputs: wanted[runtime] }, programs, folder));
        const record = addToRecord(buildPath("reliability/fuzz.json"), counts, when);
        for (const count of counts) console.log(describeCount(count));
        problems.push(...problemsOf(counts));
        console.log(`${record.fuzz_inputs} inputs in all`);
      }
      if (problems.length > 0)
        throw new UserError(`what was found:\n${problems.join("\n")}`, {
          hint: "one of them again: --inputs 1 --agent-inputs 0 --from NUMBER, with the same --seed",
        });
    });
}

function describeCount({ target, runtime, inputs, taken, slowestMs, defectCount }: FuzzCount): string {
  const share = Math.round((100 * taken) / Math.max(1, inputs));
  return `${target.padEnd(14)} ${runtime.padEnd(6)} ${inputs} inputs, ${share} % taken, ${defectCount} defects, the slowest ${slowestMs} ms`;
}

function problemsOf(counts: readonly FuzzCount[]): string[] {
  const [one, other] = counts;
  const differ = one === undefined || other === undefined ? [] : differences(one, other);
  return [
    ...counts.flatMap(({ target, runtime, defects }) =>
      defects.map(({ index, file, why }) => `${target}, ${runtime}, input ${index}, ${file}: ${why}`),
    ),
    ...differ.map((batch) => `${one?.target}: Node and the agent's runtime differ in the inputs ${batch}`),
  ];
}

function targetList(): string {
  const rows = fuzzTargetNames.map((name) => `  ${name.padEnd(14)} ${fuzzTargets[name].what}`);
  return ["Targets:", ...rows].join("\n");
}
