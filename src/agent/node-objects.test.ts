import { expect, test } from "vitest";
import { conditionPatch, eventObject, type NodeCondition, type NodeEvent } from "./node-objects.ts";

const condition: NodeCondition = { type: "SystemUpdate", status: "True", reason: "Confirmed", message: "m" };
const event: NodeEvent = { id: "update-1", type: "Normal", reason: "UpdateApplied", message: "m", atMs: 999 };
const lastHeartbeatTime = "1970-01-01T00:00:01Z";

test.each([
  ["is new", "", { lastTransitionTime: lastHeartbeatTime }],
  ["becomes true", "False", { lastTransitionTime: lastHeartbeatTime }],
  ["stays as it is", "True", {}],
])("a condition that %s", (_name, before, transition) => {
  const conditions = [{ ...condition, lastHeartbeatTime, ...transition }];
  expect(conditionPatch(condition, before, 1999)).toEqual({ status: { conditions } });
});

test("an event is the node's, as `kubectl describe node` looks for it", () => {
  expect(eventObject(event, "edge-7")).toMatchObject({
    metadata: { name: "edge-7.update-1", namespace: "default" },
    involvedObject: { kind: "Node", name: "edge-7", uid: "edge-7" },
    ...{ type: "Normal", reason: "UpdateApplied", message: "m" },
    ...{ firstTimestamp: "1970-01-01T00:00:00Z", count: 1 },
  });
});

test("long messages are cut", () => {
  const message = "x".repeat(5000);
  expect(JSON.stringify(conditionPatch({ ...condition, message }, "", 0)).length).toBeLessThan(1300);
  expect(JSON.stringify(eventObject({ ...event, message }, "n")).length).toBeLessThan(1500);
});
