// A sidecar that gets all connections of its pod, as service meshes have it: their init containers tell users apart (xt_owner).
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { type NodeUnderTest, patience, polling, startNode } from "../sandbox/node-under-test.ts";

const manifest = sourcePath("test/workloads/manifests/mesh.yaml");

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("mesh", [], [readKit().meshArchive]);
  await node.sandbox.waitForReady(patience);
  await node.sandbox.kubectl("apply", "--filename", manifest);
  await node.sandbox.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=120s");
});

afterAll(() => node?.end());

test("what the pod asks comes to its sidecar, and the sidecar's own to the world", async () => {
  await expect.poll(() => ask("proxy", "web"), polling).toContain("nginx");
  expect(await ask("app", "web")).toBe("by the sidecar\n");
  const address = await node.sandbox.kubectl("get", "pod", "web", "--output=jsonpath={.status.podIP}");
  expect(await ask("app", address)).toBe("by the sidecar\n");
});

test("so it stays over an end of the engine, for new pods, too, and no other pod notices", async () => {
  const { sandbox } = node;
  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await ask("app", "web")).toBe("by the sidecar\n");
  await sandbox.kubectl("delete", "pod", "meshed");
  await sandbox.kubectl("apply", "--filename", manifest);
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/meshed", "--timeout=120s");
  expect(await ask("app", "web")).toBe("by the sidecar\n");
  await sandbox.kubectl("run", "other", "--image=localhost/busybox:1", "--command", "--", "sleep", "100000");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/other", "--timeout=120s");
  const asked = ["exec", "other", "--", "wget", "-T", "5", "-qO-", "http://web"];
  await expect.poll(() => sandbox.kubectl(...asked).catch(String), polling).toContain("nginx");
});

/** The page that a container of the meshed pod gets there, or why it gets none. */
function ask(container: string, host: string): Promise<string> {
  const asked = [
    "exec",
    "meshed",
    `--container=${container}`,
    "--",
    "wget",
    "-T",
    "5",
    "-qO-",
    `http://${host}`,
  ];
  return node.sandbox.kubectl(...asked).catch(String);
}
