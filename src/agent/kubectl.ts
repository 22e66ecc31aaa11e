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
export function applyObject(
  host: Host,
  text: string,
  timeoutMs: number,
  how: readonly string[] = [],
): RunResult {
  const args = ["apply", "--server-side", "--force-conflicts", "--field-manager=kubesolo-os", ...how];
  return runKubectl(host, [...args, "--filename=-"], { timeoutMs, input: text });
}

/**
 * The same for an object of the agent's own making, in which no field can be misspelt: kubectl doesn't ask for the documents of the API
 * first, which take 20 MB in it, and the engine's memory to make.
 */
export function applyOwnObject(host: Host, text: string, timeoutMs: number): RunResult {
  return applyObject(host, text, timeoutMs, ["--validate=false"]);
}
