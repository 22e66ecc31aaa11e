// Pure: why a node is not Ready yet, from what its API server says.
import * as v from "valibot";

const NodeList = v.object({
  items: v.array(
    v.object({
      status: v.object({
        conditions: v.optional(
          v.array(
            v.object({
              type: v.string(),
              status: v.string(),
              message: v.optional(v.string(), ""),
              lastHeartbeatTime: v.nullish(v.string(), ""),
            }),
          ),
          [],
        ),
      }),
    }),
  ),
});

/**
 * Why the node is not Ready, or undefined when it is. `bootedAt` in seconds since 1970: the node object
 * survives a restart and still says Ready from last time, so only a newer heartbeat counts.
 */
export function whyNotReady(nodes: unknown, bootedAt: number): string | undefined {
  const [node] = v.parse(NodeList, nodes).items;
  if (node === undefined) return "the node has not registered";
  const ready = node.status.conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) return "the node has no Ready condition";
  const hasNews = Date.parse(ready.lastHeartbeatTime) / 1000 >= bootedAt;
  if (!hasNews) return "no news from the node since it booted";
  return ready.status === "True" ? undefined : ready.message;
}

/** What kubectl said when /readyz was not "ok": the checks that fail, or else its last line. */
export function whyApiNotReady(stderr: string): string {
  const failing = [...stderr.matchAll(/\[-\]([\w/-]+)/g)].map(([, name]) => name);
  if (failing.length > 0) return `the API server waits for ${failing.join(", ")}`;
  return stderr.trim().split("\n").at(-1) ?? "";
}
