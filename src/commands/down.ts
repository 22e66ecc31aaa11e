import { Command } from "commander";
import { down } from "../up/down.ts";

export function downCommand(): Command {
  return new Command("down")
    .description("shut down the machine that `up` left running")
    .option("--clean", "also remove its disk and all its data", false)
    .action(async (options: { clean: boolean }) => console.log(await down(options)));
}
