// `kubectl debug` of a pod: a container that comes into it with programs that the pod hasn't. Of a node: test/vm/deploy-workload.vm.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NodeUnderTest, patience, polling, startNode } from "../sandbox/node-under-test.ts";

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("debug");
  const { sandbox } = node;
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("run", "web", "--image=localhost/nginx:1");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=120s");
});

afterAll(() => node?.end());

const look =
  "wget -qO- http://127.0.0.1 && pidof nginx && cat /proc/1/root/etc/nginx/nginx.conf && echo all seen";

test("beside a running container: its network, processes and files", async () => {
  const options = [
    "--image=localhost/busybox:1",
    "--target=web",
    "--profile=sysadmin",
    "--container=debugger",
  ];
  await node.sandbox.kubectl("debug", "web", ...options, "--", "sh", "-c", look);
  await expect
    .poll(() => logs("web", "debugger"), polling)
    .toMatch(/nginx.*^\d+( \d+)*$.*listen 80 default_server.*^all seen$/ms);
  expect(await restarts("web")).toBe("0");
});

test("in a copy of it, with another command", async () => {
  const options = ["--copy-to=copy", "--container=web", "--image=localhost/busybox:1"];
  await node.sandbox.kubectl(
    "debug",
    "web",
    ...options,
    "--",
    "sh",
    "-c",
    "echo started otherwise; sleep 100000",
  );
  await expect.poll(() => logs("copy", "web"), polling).toBe("started otherwise\n");
});

test("the debugger's words outlive an end of the engine, and the pod goes with it", async () => {
  const { sandbox } = node;
  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await expect.poll(() => logs("web", "debugger"), polling).toContain("all seen");
  await sandbox.kubectl("delete", "pod", "web", "copy", "--timeout=60s", "--grace-period=1");
});

function logs(pod: string, container: string): Promise<string> {
  return node.sandbox.kubectl("logs", pod, `--container=${container}`).catch(String);
}

function restarts(pod: string): Promise<string> {
  return node.sandbox.kubectl(
    "get",
    "pod",
    pod,
    "--output=jsonpath={.status.containerStatuses[*].restartCount}",
  );
}
