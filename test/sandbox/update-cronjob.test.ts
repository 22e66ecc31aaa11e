// The example's CronJob reaches the node: with no image but the system's own, in the namespaces of the node's first process. The
// agent itself is only on a device.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { sourcePath } from "../../src/lib/paths.ts";
import { type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("update-cronjob");
  await node.sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("a job of it runs the node's programs as the node's root", async () => {
  const kubectl = (...args: string[]) => node.sandbox.kubectl(...args);
  const cronJob = parse(readFileSync(sourcePath("examples/update-cronjob/update-cronjob.yaml"), "utf8"));
  const [container] = cronJob.spec.jobTemplate.spec.template.spec.containers;
  container.args = ["sh", "-c", "id -u; hostname; readlink /proc/self/ns/mnt /proc/1/ns/mnt | uniq | wc -l"];
  const manifest = join(node.directory, "cronjob.yaml");
  writeFileSync(manifest, stringify(cronJob));
  await kubectl("apply", "--filename", manifest);
  const inSystem = "--namespace=kube-system";
  await kubectl("create", "job", inSystem, "--from=cronjob/system-update", "now");
  const ended = ["get", "job", "now", inSystem, "--output=jsonpath={.status.succeeded}{.status.failed}"];
  await expect.poll(() => kubectl(...ended), polling).toBe("1");
  const said = await kubectl("logs", inSystem, "job/now");
  expect(said).toBe("0\nupdate-cronjob\n1\n");
});
