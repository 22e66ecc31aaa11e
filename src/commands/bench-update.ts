import { Command } from "commander";
import { benchUpdate } from "../bench/update.ts";

export function benchUpdateCommand(): Command {
  return new Command("bench-update")
    .description("measure what an update costs a small machine, and how fast a bad one is undone")
    .action(async () => console.log(JSON.stringify(await benchUpdate())));
}
