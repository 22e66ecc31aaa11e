import { Command } from "commander";
import { UserError } from "../lib/errors.ts";
import { WHOLE_LIFE } from "../lives/results.ts";
import { liveMachines, type Order } from "../lives/run.ts";
import { parseCount } from "./count.ts";

interface Options extends Omit<Order, "isAnew"> {
  readonly again?: true;
}

export function livesCommand(): Command {
  return new Command("lives")
    .description(
      "have machines live what the simulator's boxes live: updates, power cuts, rot, ways back; goes on where it was interrupted",
    )
    .option("--lives <number>", "so many, each of the next seed", parseCount, 50)
    .option("--steps <number>", "of a life, at most", parseCount, 12)
    .option("--seed <number>", "of the first one", parseCount, 1)
    .option("--minutes <number>", "none begins after so many", parseCount, 24 * 60)
    .option("--again", "live anew what was lived already")
    .action(async ({ again, ...order }: Options) => {
      const results = await liveMachines({ ...order, isAnew: again === true });
      const broken = results.filter(({ outcome }) => outcome !== WHOLE_LIFE);
      const cuts = results.filter(({ cuts }) => cuts).length;
      const steps = results.reduce((sum, result) => sum + result.steps.length, 0);
      console.log(
        `${results.length} of ${order.lives} lives on machines, ${cuts} with power cuts in their commands, ${steps} steps: ${broken.length} broke a promise`,
      );
      if (broken.length > 0)
        throw new UserError(
          broken
            .map(({ seed, steps: lived, outcome }) =>
              [`life ${seed}: ${outcome}`, ...lived.map((each) => `  ${each}`)].join("\n"),
            )
            .join("\n"),
        );
    });
}
