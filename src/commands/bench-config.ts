import { Command, Option } from "commander";
import { benchConfiguration, type ConfigurationBenchOptions } from "../bench/configuration.ts";
import { parseCount } from "./count.ts";

export function benchConfigCommand(): Command {
  return new Command("bench-config")
    .description("measure a node's configuration beside Debian's cloud-init, in a virtual machine")
    .addOption(new Option("--rounds <count>", "how often each is measured").default(3).argParser(parseCount))
    .action(async (options: ConfigurationBenchOptions) =>
      console.log(JSON.stringify(await benchConfiguration(options))),
    );
}
