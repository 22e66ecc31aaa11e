// Webhooks and policies of people's that refuse what the engine itself writes: it goes on without, tells, and tries again.
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectlInside, type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const manifests = new URL("manifests/", import.meta.url).pathname;

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("refused");
  await node.sandbox.waitForReady(patience);
});
afterAll(() => node?.end());

test("where a webhook refuses all and nobody answers for it, API and the webhook's own pod come up", async () => {
  const { sandbox } = node;
  await sandbox.kubectl("apply", `--filename=${manifests}refusing-webhook.yaml`);
  const inAnswerer = ["exec", "answerer", "--namespace=webhook", "--"];
  await sandbox.until([...kubectlInside(sandbox), ...inAnswerer, "touch", "/tmp/before"], patience);
  await refuses("namespace", "refused");

  await sandbox.crash();
  await sandbox.boot();
  await sandbox.startEngine();
  const isAnew = "test ! -e /tmp/before";
  await sandbox.until([...kubectlInside(sandbox), ...inAnswerer, "sh", "-c", isAnew], patience);
  expect(sandbox.isEngineRunning).toBe(true);

  await sandbox.kubectl("delete", "validatingwebhookconfiguration", "no-to-all");
  await sandbox.waitForReady(patience);
});

test("what is missing and refused is told, and made once it isn't refused any more", async () => {
  const { sandbox } = node;
  const missing = [
    ["storageclass/local-path", "the storage class"],
    ["clusterrolebinding/kubesolo:kubelet-api-admin", "the binding kubesolo:kubelet-api-admin"],
    ["clusterrolebinding/kubesolo:controllers", "the binding kubesolo:controllers"],
    ["clusterrole/system:discovery", "the objects of rbac/bootstrap-roles"],
    ["clusterrolebinding/system:node-proxier", "the objects of rbac/bootstrap-roles"],
    ["clusterrolebinding/system:kube-scheduler", "the objects of rbac/bootstrap-roles"],
    ["clusterrolebinding/system:kube-controller-manager", "the objects of rbac/bootstrap-roles"],
    ["clusterrolebinding/system:volume-scheduler", "the objects of rbac/bootstrap-roles"],
    ["clusterrole/system:basic-user", "the objects of rbac/bootstrap-roles"],
    ["--namespace=kube-system service/kube-dns", "the Service of cluster DNS"],
  ] as const;
  for (const [name] of missing) await sandbox.kubectl("delete", ...name.split(" "));
  await sandbox.kubectl("apply", `--filename=${manifests}refusing-policy.yaml`);
  await refuses("priorityclass", "refused");
  await sandbox.stopEngine(patience);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  for (const [, what] of missing)
    await expect.poll(() => sandbox.engineLog, polling).toContain(`cannot make ${what}, trying again: `);

  await sandbox.kubectl("delete", "validatingadmissionpolicy", "no-to-all");
  for (const [name, what] of missing) {
    await sandbox.until([...kubectlInside(sandbox), "get", ...name.split(" ")], patience);
    await expect.poll(() => sandbox.engineLog, polling).toContain(`made ${what} after all`);
  }
});

test("controllers have their names: a policy that knows them by these lets them work", async () => {
  const { sandbox } = node;
  await sandbox.kubectl("apply", `--filename=${manifests}named-controllers.yaml`);
  const byAnother = ["create", "namespace", "refused", "--dry-run=server", "--as=another"];
  const answer = () => sandbox.kubectl(...byAnother).then(() => "taken", String);
  const grant = ["create", "clusterrolebinding", "another", "--clusterrole=cluster-admin"];
  await sandbox.kubectl(...grant, "--user=another");
  await expect.poll(answer, polling).toContain("only-by-name refuses another");
  await sandbox.kubectl("create", "namespace", "named");
  const deployment = [
    "create",
    "deployment",
    "web",
    "--image=localhost/nginx:1",
    "--replicas=2",
    "--namespace=named",
  ];
  await sandbox.kubectl(...deployment);
  await sandbox.kubectl("rollout", "status", "deployment/web", "--namespace=named", "--timeout=90s");
  await sandbox.kubectl("delete", "namespace", "named", "--timeout=90s");
  const refused = sandbox.engineLog.split("\n").filter((line) => line.includes("only-by-name refuses"));
  expect(refused).toEqual([]);
});

/** Waits until such an object is refused: webhooks and policies count a moment after they are made. */
async function refuses(kind: string, name: string): Promise<void> {
  const create = ["create", kind, name, "--dry-run=server"];
  const answer = () => node.sandbox.kubectl(...create).then(() => "taken", String);
  await expect.poll(answer, polling).toContain("no-to-all");
}
