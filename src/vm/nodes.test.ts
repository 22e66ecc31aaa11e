import { expect, test } from "vitest";
import { whyApiNotReady, whyNotReady } from "./nodes.ts";

const bootedAt = Date.parse("2026-01-01T12:00:00Z") / 1000;
const nodes = (...conditions: object[]) => ({ items: [{ status: { conditions } }] });
const ready = (status: string, lastHeartbeatTime: string, message = "") => ({
  type: "Ready",
  status,
  lastHeartbeatTime,
  message,
});

test.each([
  [
    "Ready since this boot",
    nodes({ type: "DiskPressure", status: "False" }, ready("True", "2026-01-01T12:00:30Z")),
    undefined,
  ],
  ["no node yet", { items: [] }, "the node has not registered"],
  ["a node that is new", { items: [{ status: {} }] }, "the node has no Ready condition"],
  [
    "Ready from before the reboot",
    nodes(ready("True", "2026-01-01T11:59:59Z")),
    "no news from the node since it booted",
  ],
  [
    "a node that the engine has named and the kubelet has not taken over",
    nodes({ type: "Ready", status: "False", lastHeartbeatTime: null }),
    "no news from the node since it booted",
  ],
  ["not Ready, with the reason", nodes(ready("False", "2026-01-01T12:00:30Z", "no network")), "no network"],
])("%s", (_, list, why) => {
  expect(whyNotReady(list, bootedAt)).toBe(why);
});

test.each([
  [
    "the checks that fail",
    'error on the server ("[+]ping ok\\n[-]etcd failed: reason withheld\\n[-]poststarthook/rbac failed")',
    "the API server waits for etcd, poststarthook/rbac",
  ],
  ["what else kubectl said", "a warning\nUnable to connect\n", "Unable to connect"],
])("not ready: %s", (_, stderr, why) => {
  expect(whyApiNotReady(stderr)).toBe(why);
});
