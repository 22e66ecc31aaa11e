// `kubesolo-os-agent reset`: asks the next boot to forget this machine's state (init/lib/reset.sh does it), and reboots.
import type { Host } from "./host.ts";
import { places } from "./places.ts";

const USAGE = `usage: kubesolo-os-agent reset [--keep-identity] --yes

Reboots and deletes all state: the cluster, its images and volumes, logs, configuration.
  --keep-identity  keeps the machine's id, its name and its configuration
  --yes            really`;

export function reset(host: Host, args: readonly string[]): number {
  const unknown = args.filter((word) => word !== "--yes" && word !== "--keep-identity");
  if (unknown.length > 0 || !args.includes("--yes")) {
    host.print("stderr", USAGE);
    return 64;
  }
  const kind = args.includes("--keep-identity") ? "keep-identity" : "all";
  host.writeFile(places.resetRequest, `${kind}\n`, { mode: 0o600 });
  host.print("stderr", "the next boot resets this machine; rebooting");
  return host.run(["reboot"], { timeoutMs: 10_000 }).exitCode;
}
