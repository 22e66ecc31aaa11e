import { Command } from "commander";
import { log } from "../lib/log.ts";
import { readResults, WHOLE_LIFE } from "../lives/results.ts";
import { readReliability } from "../power-cut/reliability.ts";
import { describeSummary } from "../power-cut/summary.ts";

export function benchReliabilityCommand(): Command {
  return new Command("bench-reliability")
    .description(
      "count what was survived, of the results that `power-cut`, the simulator, `lives` and the fuzzers left in build",
    )
    .action(() => {
      const { rows, figures, missing } = readReliability();
      console.log(describeSummary(rows));
      for (const what of missing) log(`missing: ${what}`);
      const lives = readResults().filter(({ outcome }) => outcome === WHOLE_LIFE).length;
      if (lives === 0) log("missing: lives on machines: make test-lives");
      console.log(JSON.stringify({ ...figures, lives }));
    });
}
