// Pods as signs of health: of which workload each is, since it has another name after each change, and whether it is ready. What is
// in a cluster is people's: a line that isn't as it must be counts as none, and no list is read without an end.
import type { Host } from "../../host.ts";
import { runKubectl } from "../../kubectl.ts";

export interface Pod {
  /** Such as "kube-system/DaemonSet/router"; a pod that nobody made anew has its own name. */
  readonly workload: string;
  /** It is one of a Job's, whose end is no failure. */
  readonly isJob: boolean;
  readonly isReady: boolean;
  /** When it became so, or ceased to be. */
  readonly sinceMs: number;
  /** Of all of its containers. */
  readonly restarts: number;
}

const SYSTEM = "kube-system";
const READY = '.status.conditions[?(@.type=="Ready")]';
const CONTROLLER = ".metadata.ownerReferences[?(@.controller==true)]";
const COLUMNS = [
  ".metadata.namespace",
  ".metadata.name",
  `${CONTROLLER}.kind`,
  `${CONTROLLER}.name`,
  ".metadata.labels.pod-template-hash",
  `${READY}.status`,
  `${READY}.lastTransitionTime`,
  ".status.containerStatuses[*].restartCount",
];
const OUTPUT = `{range .items[*]}${COLUMNS.map((path) => `{${path}}`).join('{"\\t"}')}{"\\n"}{end}`;
const MAX_OUTPUT_BYTES = 256 * 1024;

/**
 * Pods of the system's namespace that haven't ended, or those that run in all others: apart, so that nothing in these makes the question about the
 * system fail. Or why nobody knows.
 */
export function readPods(
  host: Host,
  whose: "system" | "others",
): { readonly pods: readonly Pod[] } | { readonly problem: string } {
  const which =
    whose === "system"
      ? [`--namespace=${SYSTEM}`, "--field-selector=status.phase!=Succeeded,status.phase!=Failed"]
      : ["--all-namespaces", `--field-selector=metadata.namespace!=${SYSTEM},status.phase=Running`];
  const args = ["get", "pods", ...which, `--output=jsonpath=${OUTPUT}`];
  const limits = { timeoutMs: 20_000, maxOutputBytes: MAX_OUTPUT_BYTES };
  const { exitCode, isTimedOut, stdout, stderr } = runKubectl(host, args, limits);
  if (exitCode === 0) return { pods: parsePods(stdout) };
  const why = isTimedOut ? "no answer in time" : stderr.trim().split("\n").at(-1) || `exit code ${exitCode}`;
  return { problem: `the pods can't be listed: ${why}` };
}

/** Exported for its tests. Pure. */
export function parsePods(text: string): Pod[] {
  return text.split("\n").flatMap((line) => {
    const [namespace = "", name = "", kind = "", owner = "", hash = "", ready, since, restarts, ...more] =
      line.split("\t");
    if (restarts === undefined || more.length > 0) return [];
    const workload = nameWorkload(name, kind, owner, hash);
    if (!/^[a-z0-9-]{1,63}$/.test(namespace) || !/^[A-Za-z0-9/._-]{1,300}$/.test(workload)) return [];
    const sinceMs = Date.parse(since ?? "");
    return {
      workload: `${namespace}/${workload}`,
      isJob: kind === "Job",
      isReady: ready === "True",
      sinceMs: Number.isNaN(sinceMs) ? 0 : sinceMs,
      restarts: restarts.split(" ").reduce((sum, each) => sum + Number(each), 0),
    };
  });
}

/** A ReplicaSet is another one with each version of its Deployment; a static pod is the node's. */
function nameWorkload(pod: string, kind: string, owner: string, hash: string): string {
  if (kind === "" || kind === "Node") return `Pod/${pod}`;
  const isDeployment = kind === "ReplicaSet" && hash !== "" && owner.endsWith(`-${hash}`);
  return isDeployment ? `Deployment/${owner.slice(0, -hash.length - 1)}` : `${kind}/${owner}`;
}
