// `kubesolo-os-agent reset`: asks the next boot to forget this machine's state (init/lib/reset.sh does it), and reboots.
import type { CommandLine, Outcome } from "./command.ts";
import { exitCode } from "./exit-code.ts";
import type { Host } from "./host.ts";
import { places } from "./places.ts";

export function reset(host: Host, { options }: CommandLine): Outcome {
  if (!options.has("--yes")) return { mistake: "a reset can't be undone: it wants --yes" };
  const kind = options.has("--keep-identity") ? "keep-identity" : "all";
  host.writeFile(places.resetRequest, `${kind}\n`, { mode: 0o600 });
  host.print("stderr", "the next boot resets this machine; rebooting");
  return host.run(["reboot"], { timeoutMs: 10_000 }).exitCode === 0 ? exitCode.done : exitCode.failed;
}
