// The commands of the network: what the stages and hotplug ask the agent for.
import { plugIn } from "./cloud-init/network/apply.ts";
import { guardNetwork } from "./cloud-init/network/guard.ts";
import type { Host } from "./host.ts";

const LOG = "/var/log/kubesolo.log";

const work: Readonly<Record<string, (host: Host, tell: (text: string) => void) => void>> = {
  guard: guardNetwork,
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
