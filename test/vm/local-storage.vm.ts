// A volume on a machine. What is decided when is shown in engine/storage, more of it in test/sandbox.
import { expect, test } from "vitest";
import { kubectl } from "../../src/vm/cluster.ts";
import { manifestPath, restoreDeployed, waitForPod } from "./machine-under-test.ts";

test("what a pod wrote to its volume is there for the next one, on the data partition", async () => {
  const cluster = await restoreDeployed("local-storage");
  await using machine = cluster.machine;
  for (let pod = 0; pod < 2; pod += 1) {
    await kubectl(cluster, "delete", "pod", "writer", "--ignore-not-found");
    await kubectl(cluster, "apply", "--filename", manifestPath("volume"));
    await waitForPod(cluster, "writer");
  }
  expect(await kubectl(cluster, "logs", "writer")).toBe("line\nline\n");
  expect(await machine.succeed("cat /data/kubesolo/local-path-storage/*_notes/lines")).toBe("line\nline\n");
});
