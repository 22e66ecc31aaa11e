// A NetworkPolicy on a machine. Which packets pass in detail is shown in engine/policy.
import { expect, test } from "vitest";
import { kubectl } from "../../src/vm/cluster.ts";
import { askNginx, manifestPath, restoreDeployed, untilFails, untilPrints } from "./machine-under-test.ts";

test("a policy denies, and allows", async () => {
  const cluster = await restoreDeployed("network-policy");
  await using _machine = cluster.machine;
  await untilPrints(cluster, askNginx(), /nginx/);
  await kubectl(cluster, "apply", "--filename", manifestPath("policy-deny"));
  await untilFails(cluster, askNginx());
  await kubectl(cluster, "apply", "--filename", manifestPath("policy-allow"));
  await untilPrints(cluster, askNginx(), /nginx/);
  expect(await kubectl(cluster, "get", "networkpolicies", "--output=name")).toContain("nginx");
});
