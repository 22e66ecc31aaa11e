import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { type Scenario, scenarioNames, scenarios } from "../power-cut/marks.ts";
import type { Result } from "../power-cut/results.ts";
import { cutPower } from "../power-cut/run.ts";
import { describeSummary, summarize } from "../power-cut/summary.ts";
import { parseCount } from "./count.ts";

interface Options {
  readonly scenario: readonly Scenario[];
  readonly every: number;
  readonly stages: number;
  readonly ready: number;
  readonly seeds: number;
  readonly minutes: number;
  readonly record?: true;
  readonly list?: true;
}

export function powerCutCommand(): Command {
  return new Command("power-cut")
    .description(
      "record what a machine writes to its disk through an update and back, and look at the disk that a power cut leaves at each flush; goes on where it was interrupted",
    )
    .option("--scenario <names>", "only these, with commas between", parseScenarios, scenarioNames)
    .option("--every <number>", "each so-many-th flush is looked at without booting", parseCount, 1)
    .option(
      "--seeds <number>",
      "of each flush, so many ways to lose sectors of what comes next",
      parseNumber,
      2,
    )
    .option("--stages <number>", "of each scenario, so many boots until all stages are done", parseNumber, 8)
    .option("--ready <number>", "of each scenario, so many boots to Ready", parseNumber, 3)
    .option("--minutes <number>", "end after so many, with what there is", parseCount, 24 * 60)
    .option("--record", "record the machines' lives anew")
    .option("--list", "say what scenarios there are, and do nothing")
    .action(async ({ list, record, minutes, scenario, ...wish }: Options) => {
      if (list) {
        for (const name of scenarioNames) console.log(`${name.padEnd(12)} ${scenarios[name].what}`);
        return;
      }
      const order = { ...wish, scenarios: scenario, minutes, isAnew: record === true };
      const results = await cutPower(order, tell);
      console.log(describeSummary(summarize(results)));
      const bad = results.filter(({ problems }) => problems.length > 0).length;
      if (bad > 0) throw new UserError(`${bad} of ${results.length} power cuts left something wrong`);
    });
}

/** Bad ones, and how it goes on. */
function tell({ cut, scenario, look, seed, problems }: Result, left: number): void {
  const what = `${scenario}, write ${cut}, ${look}${seed === undefined ? "" : ` ${seed}`}`;
  if (problems.length > 0) log(`  WRONG: ${what}: ${problems.join("; ")}`);
  else if (left % 100 === 0 || look === "stages" || look === "ready") log(`  ${what}: right; ${left} left`);
}

function parseScenarios(text: string): Scenario[] {
  return text.split(",").map((word) => {
    const found = scenarioNames.find((name) => name === word);
    if (found === undefined) throw new InvalidArgumentError(`There are: ${scenarioNames.join(", ")}.`);
    return found;
  });
}

function parseNumber(text: string): number {
  return text === "0" ? 0 : parseCount(text);
}
