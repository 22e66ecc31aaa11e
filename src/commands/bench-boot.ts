import { Command, Option } from "commander";
import { type BootBenchOptions, benchBoot } from "../bench/boot.ts";
import { parseCount } from "./count.ts";

export function benchBootCommand(): Command {
  return new Command("bench-boot")
    .description("measure how fast the image starts, beside other systems, and how fast it is built")
    .addOption(
      new Option("--rounds <count>", "how often each machine is booted").default(3).argParser(parseCount),
    )
    .action(async (options: BootBenchOptions) => console.log(JSON.stringify(await benchBoot(options))));
}
