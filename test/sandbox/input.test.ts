// What programs in pods are given to read: engine/patches/containerd.patch.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunResult, runAnyExit } from "../../src/lib/run.ts";
import { type NodeUnderTest, patience, startNode } from "./node-under-test.ts";

const size = 2_000_000;
let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("input");
  const { sandbox } = node;
  await sandbox.waitForReady(patience);
  writeFileSync(join(node.directory, "big"), Buffer.alloc(size, "input "));
  await sandbox.kubectl("run", "reader", "--image=localhost/busybox:1", "--", "-c", "sleep 1000");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/reader", "--timeout=60s");
});
afterAll(() => node?.end());

/** Runs kubectl with the big file as its input; 124 is the exit code of one that doesn't end. */
function kubectlWithInput(args: readonly string[], webSockets = true): Promise<RunResult> {
  return runAnyExit(["timeout", "30", node.sandbox.path("kubectl"), ...args], {
    inputFile: join(node.directory, "big"),
    env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(webSockets) },
  });
}

test.for([
  ["cat >FILE", "cat >/tmp/read"],
  ["cat, both outputs in files", "cat >/tmp/read 2>/tmp/errors"],
  ["dd, which closes its output", "dd of=/tmp/read bs=4096"],
  ["a program that has closed its outputs and waits", "exec >&- 2>&-; sleep 1; cat >/tmp/read"],
] as const)("%s gets all of its input", async ([, script]) => {
  for (const webSockets of [true, false]) {
    await node.sandbox.kubectl("exec", "reader", "--", "rm", "-f", "/tmp/read");
    const result = await kubectlWithInput(["exec", "-i", "reader", "--", "sh", "-c", script], webSockets);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(await node.sandbox.kubectl("exec", "reader", "--", "wc", "-c", "/tmp/read")).toBe(
      `${size} /tmp/read\n`,
    );
  }
});

test.for([
  ["reads nothing", "exit 7", 7],
  ["reads a part", "head -c 100000 >/tmp/read; sleep 1", 0],
  ["can't write", "cat >/missing/file", 1],
] as const)("a program that %s ends with its own exit code, at once", async ([, script, exitCode]) => {
  for (const webSockets of [true, false]) {
    const result = await kubectlWithInput(["exec", "-i", "reader", "--", "sh", "-c", script], webSockets);
    expect(result.exitCode, result.stderr).toBe(exitCode);
  }
});

test("a container that closes its output gets all of its input, too", async () => {
  const script = "sleep 1; exec >&-; cat >/tmp/read; wc -c /tmp/read >&2; sleep 1";
  const pod = ["attached", "--rm", "--restart=Never", "--image=localhost/busybox:1"];
  const { stderr } = await kubectlWithInput(["run", "-i", ...pod, "--", "-c", script]);
  expect(stderr).toContain(`${size} /tmp/read`);
});
