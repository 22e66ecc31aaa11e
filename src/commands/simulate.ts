import { Command } from "commander";
import { readSourceCommit } from "../lib/commit.ts";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { writeSequences } from "../proof/simulator/record.ts";
import { type Broken, LIFE_STEPS, simulate } from "../proof/simulator/simulate.ts";
import { describeStep } from "../proof/simulator/step.ts";
import { parseCount } from "./count.ts";

interface Options {
  readonly steps: number;
  readonly seed: number;
}

/** After so many, the rest is the same again. */
const BROKEN_MAX = 20;

export function simulateCommand(): Command {
  return new Command("simulate")
    .description(
      "have boxes live on the model: updates, power cuts, rot, ways back; each promise is looked at after each step",
    )
    .option("--steps <number>", "of all lives", parseCount, 1_000_000)
    .option("--seed <number>", "the same seed makes the same lives", parseCount, 1)
    .action(async ({ steps, seed }: Options) => {
      const sequences = Math.ceil(steps / LIFE_STEPS);
      const started = process.cpuUsage();
      const broken: Broken[] = [];
      let lived = 0;
      for (; lived < sequences && broken.length < BROKEN_MAX; lived++) {
        const found = simulate(seed, lived);
        if (found !== undefined) broken.push(found);
        if ((lived + 1) % 5000 === 0) log(`${lived + 1} of ${sequences} lives`);
      }
      // Of this core: others may use the machine, too.
      const seconds = process.cpuUsage(started).user / 1_000_000;
      const count = { sequences: lived, steps: lived * LIFE_STEPS, seed, broken: broken.length };
      writeSequences(buildPath("reliability/sequences.json"), {
        ...count,
        ...{
          steps_per_minute: Math.round((count.steps / seconds) * 60),
          commit: await readSourceCommit(),
          date: new Date().toISOString(),
        },
      });
      console.log(
        `${count.sequences} lives, ${count.steps} steps in ${seconds.toFixed(1)} s of a core: ${broken.length} broke a promise`,
      );
      if (broken.length > 0) throw new UserError(broken.map(describeBroken).join("\n"));
    });
}

function describeBroken({ sequence, why, steps }: Broken): string {
  return [`life ${sequence}: ${why}, after`, ...steps.map((step) => `  ${describeStep(step)}`)].join("\n");
}
