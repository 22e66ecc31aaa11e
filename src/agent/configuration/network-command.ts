// The commands of the network: what the stages and hotplug ask the agent for.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { plugIn } from "../network/apply.ts";
import { guardNetwork } from "../network/guard.ts";
import { places } from "../places.ts";
import { readReport, writeReport } from "./report.ts";

type Tell = (text: string) => void;

const work: Readonly<Record<string, (host: Host, tell: Tell) => void>> = {
  guard: (host, tell) => {
    const failure = guardNetwork(host, tell, readReport(host)?.decision?.networkLimitSeconds);
    // Others have written into it meanwhile.
    const report = readReport(host);
    if (failure !== undefined && report !== undefined)
      writeReport(host, { ...report, problems: [...report.problems, failure] });
  },
  plug: (host, tell) => {
    for (const problem of plugIn(host)) tell(problem);
  },
};

/** `network guard` watches one that is on trial; `network plug` sets up a card that has shown up since. */
export function networkCommand(host: Host, { words }: CommandLine): Outcome {
  const [name = "", ...more] = words;
  const does = Object.hasOwn(work, name) && more.length === 0 ? work[name] : undefined;
  if (does === undefined) return { mistake: `guard or plug? not "${words.join(" ")}"` };
  does(host, (text) => {
    host.print("stderr", `init: network: ${text}`);
    host.appendFile(places.log, `network: ${text}\n`);
  });
  return exitCode.done;
}
