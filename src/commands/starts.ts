import { resolve } from "node:path";
import { Command } from "commander";
import { log } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { builtArchives } from "../sandbox/library.ts";
import { freshStarts, restarts } from "../starts/starts.ts";
import { describeStart, describeStarts, type Start } from "../starts/summary.ts";
import { parseCount } from "./count.ts";

export function startsCommand(): Command {
  return new Command("starts")
    .description("start the engine many times in a row, fresh and again, each time to a running Pod; as root")
    .option("--count <number>", "of each", parseCount, 50)
    .option("--engine <path>", "folder of the engine's programs", buildPath("engine"))
    .action(async ({ count, engine }: { count: number; engine: string }) => {
      const starts: Start[] = [];
      const report = (start: Start) => {
        starts.push(start);
        log(describeStart(start, ((starts.length - 1) % count) + 1, count));
      };
      const options = {
        directory: buildPath("test/starts"),
        engine: resolve(engine),
        images: builtArchives(),
        flags: [],
        environment: {},
        name: "starts",
      };
      await freshStarts(options, count, report);
      await restarts(options, count, report);
      console.log(describeStarts(starts));
    });
}
