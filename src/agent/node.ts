// The node that this machine is in Kubernetes: what the system says of itself there. What Kubernetes, or somebody's webhook, refuses is
// returned, and may be tried again.
import { NODE_NAME } from "../release/engine.ts";
import { readIfThere } from "./expected.ts";
import type { Host, RunResult } from "./host.ts";
import { applyOwnObject, runKubectl } from "./kubectl.ts";
import { conditionPatch, eventObject, type NodeCondition, type NodeEvent } from "./node-objects.ts";
import { places } from "./places.ts";

/** Of one call of kubectl; a command that tells of an update waits for several. */
const limit = { timeoutMs: 30_000 };

/** The engine keeps it. Another one that takes its place needn't: it names the node by the host. */
export function nodeName(host: Host): string {
  const kept = readIfThere(host, NODE_NAME, 256)?.trim() ?? "";
  if (kept !== "") return kept;
  const name = readIfThere(host, places.hostname, 256)?.trim() ?? "";
  const known = runKubectl(host, ["get", "nodes", "--output=name"], limit).stdout.split("\n");
  const names = known.filter((each) => each !== "").map((each) => each.replace(/^node\//, ""));
  return names.includes(name) ? name : (names[0] ?? name);
}

export function setCondition(host: Host, node: string, condition: NodeCondition): readonly string[] {
  const path = `{.status.conditions[?(@.type=="${condition.type}")].status}`;
  const before = runKubectl(host, ["get", "node", node, `--output=jsonpath=${path}`], limit).stdout.trim();
  const patch = JSON.stringify(conditionPatch(condition, before, host.now()));
  return kubectl(host, ["patch", "node", node, "--subresource=status", "--patch", patch]);
}

export function tellEvent(host: Host, node: string, event: NodeEvent): readonly string[] {
  return problemsOf("apply", applyOwnObject(host, JSON.stringify(eventObject(event, node)), limit.timeoutMs));
}

/** `words`: as `kubectl label` takes them. */
export function labelNode(host: Host, node: string, words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : kubectl(host, ["label", "node", node, "--overwrite", ...words]);
}

function kubectl(host: Host, args: readonly [string, ...string[]]): readonly string[] {
  return problemsOf(args[0], runKubectl(host, args, limit));
}

function problemsOf(command: string, { exitCode, stderr }: RunResult): readonly string[] {
  return exitCode === 0 ? [] : [`kubectl ${command}: ${stderr.trim() || `exit code ${exitCode}`}`];
}
