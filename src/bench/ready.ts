// Waits for Ready with as little work for the guest as can be: one watch, not a question a second.
import * as v from "valibot";
import { readLines } from "../lib/lines.ts";
import { runAnyExit } from "../lib/run.ts";
import type { Limit } from "../lib/wait.ts";
import type { Cluster } from "../vm/cluster.ts";
import { whyApiNotReady, whyNotReady } from "../vm/nodes.ts";
import { waitOn } from "../vm/vigil.ts";

const WatchEvent = v.object({ type: v.string(), object: v.unknown() });

export async function waitForApi(cluster: Cluster, limit: Limit): Promise<void> {
  let why = "";
  await waitOn(cluster.machine, {
    ...limit,
    what: () => `the API server to be ready: ${why}`,
    attempt: async () => {
      const answer = await runAnyExit(rawGet(cluster, "/readyz", "--request-timeout=10s"));
      why = whyApiNotReady(answer.stderr);
      return answer.exitCode === 0 ? true : undefined;
    },
    everyMs: 1000,
  });
}

/** Waits for a Ready that is newer than `since`, seconds since 1970 on the guest's clock. */
export async function waitForNode(cluster: Cluster, since: number, limit: Limit): Promise<void> {
  let why = "it has not registered";
  await waitOn(cluster.machine, {
    ...limit,
    what: () => `the node to be Ready: ${why}`,
    // An API server that is only just ready may end a watch: then there is another one.
    attempt: async (remainingMs) => {
      for await (const node of watchNodes(cluster, remainingMs)) {
        const reason = whyNotReady({ items: [node] }, since);
        if (reason === undefined) return true;
        why = reason;
      }
      return undefined;
    },
    everyMs: 1000,
  });
}

/** The node as it is, then after each change. */
async function* watchNodes(cluster: Cluster, timeoutMs: number): AsyncGenerator<unknown> {
  for await (const line of readLines(rawGet(cluster, "/api/v1/nodes?watch=true"), { timeoutMs })) {
    const event = v.parse(WatchEvent, JSON.parse(line));
    if (event.type !== "ERROR") yield event.object;
  }
}

function rawGet({ kubectl, kubeconfig }: Cluster, path: string, ...more: string[]): string[] {
  return [kubectl, "--kubeconfig", kubeconfig, "get", "--raw", path, ...more];
}
