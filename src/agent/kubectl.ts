// kubectl on the node, as its administrator.
import type { Host, RunResult } from "./host.ts";
import { places } from "./places.ts";

interface KubectlOptions {
  readonly timeoutMs: number;
  /** Its standard input. */
  readonly input?: string;
  readonly maxOutputBytes?: number;
}

export function runKubectl(host: Host, args: readonly string[], options: KubectlOptions): RunResult {
  return host.run(["kubesolo", "kubectl", ...args], { ...options, env: { KUBECONFIG: places.kubeconfig } });
}

/** The configuration is the owner's word: it wins over what somebody changed by hand in between. */
export function applyObject(host: Host, text: string, timeoutMs: number): RunResult {
  const how = ["--server-side", "--force-conflicts", "--field-manager=kubesolo-os"];
  return runKubectl(host, ["apply", ...how, "--filename=-"], { timeoutMs, input: text });
}
