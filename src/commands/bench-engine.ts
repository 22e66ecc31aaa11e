import { Command, Option } from "commander";
import { type BenchOptions, benchEngine } from "../bench/engine.ts";
import { parseCount } from "./count.ts";

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
