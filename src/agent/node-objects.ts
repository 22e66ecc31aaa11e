// What the system says of itself on the Kubernetes node: conditions, and events. Pure.

/** An event takes 1024 characters. */
const MAX_MESSAGE = 1000;
const COMPONENT = "kubesolo-os-agent";

export interface NodeCondition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export interface NodeEvent {
  /** Its name behind the node's: telling it again makes no other one. */
  readonly id: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
}

/** For a strategic merge: conditions of other types stay, and what isn't named of this one. `before`: its status until now. */
export function conditionPatch(
  { message, ...condition }: NodeCondition,
  before: string,
  nowMs: number,
): unknown {
  const now = formatTime(nowMs);
  const transition = condition.status === before ? {} : { lastTransitionTime: now };
  return {
    status: {
      conditions: [{ ...condition, message: cut(message), lastHeartbeatTime: now, ...transition }],
    },
  };
}

/** As kubelet's own events are, it is by the node's name for its uid, which is how `kubectl describe node` finds it. */
export function eventObject({ id, type, reason, message, atMs }: NodeEvent, node: string): unknown {
  const time = formatTime(atMs);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${node}.${id}`, namespace: "default" },
    involvedObject: { apiVersion: "v1", kind: "Node", name: node, uid: node },
    ...{ type, reason, message: cut(message) },
    source: { component: COMPONENT, host: node },
    reportingComponent: COMPONENT,
    reportingInstance: node,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}

function cut(message: string): string {
  return message.slice(0, MAX_MESSAGE);
}

function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, "Z");
}
