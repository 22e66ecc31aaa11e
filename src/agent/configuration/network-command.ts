// The commands of the network: what the stages and hotplug ask the agent for.

import type { Host } from "../host.ts";
import { plugIn } from "../network/apply.ts";
import { guardNetwork } from "../network/guard.ts";
import { readReport, writeReport } from "./report.ts";

const LOG = "/var/log/kubesolo.log";

type Tell = (text: string) => void;

const work: Readonly<Record<string, (host: Host, tell: Tell) => void>> = {
  guard: (host, tell) => {
    const failure = guardNetwork(host, tell);
    const report = readReport(host);
    if (failure !== undefined && report !== undefined)
      writeReport(host, { ...report, problems: [...report.problems, failure] });
  },
  plug: (host, tell) => {
    for (const problem of plugIn(host)) tell(problem);
  },
};

/** `network guard` watches one that is on trial; `network plug` sets up a card that has shown up since. */
export function networkCommand(host: Host, args: readonly string[]): number {
  const [name = "", ...more] = args;
  const does = Object.hasOwn(work, name) && more.length === 0 ? work[name] : undefined;
  if (does === undefined) {
    host.print("stderr", "usage: kubesolo-os-agent network guard | plug");
    return 64;
  }
  does(host, (text) => {
    host.print("stderr", `init: network: ${text}`);
    host.appendFile(LOG, `network: ${text}\n`);
  });
  return 0;
}
