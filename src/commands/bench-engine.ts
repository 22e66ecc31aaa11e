import { Command, InvalidArgumentError, Option } from "commander";
import { type BenchOptions, benchEngine } from "../bench/engine.ts";

export function benchEngineCommand(): Command {
  return new Command("bench-engine")
    .description("measure the engine beside upstream's separate programs, in virtual machines")
    .addOption(
      new Option("--rounds <count>", "how often each start is measured").default(3).argParser(parseCount),
    )
    .addOption(
      new Option("--idle-minutes <minutes>", "how long the machines idle").default(10).argParser(parseCount),
    )
    .action(async (options: BenchOptions) => console.log(JSON.stringify(await benchEngine(options))));
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("a whole number from 1");
  return count;
}
