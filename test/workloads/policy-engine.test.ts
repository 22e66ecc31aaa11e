// A policy engine that is asked about each write of the cluster, and without which nothing is written: what a boot with it comes to.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import {
  kubectlInside,
  type NodeUnderTest,
  patience,
  polling,
  startNode,
} from "../sandbox/node-under-test.ts";

const manifest = sourcePath("test/workloads/manifests/policy-engine.yaml");

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("policy-engine", [], [readKit().driversArchive]);
  await node.sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("it is installed, refuses what it is to refuse, and all else works", async () => {
  const { sandbox } = node;
  await sandbox.kubectl("apply", "--filename", manifest);
  await expect.poll(refusal, polling).toMatch(/denied the request: its label says so/);
  await deploy("before");
});

test("the node boots, with nobody's help and nothing written before the engine's word", async () => {
  const { sandbox } = node;
  const startedBefore = await startOf("policy");
  await sandbox.crash();
  await sandbox.boot();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await expect.poll(() => startOf("policy"), polling).not.toBe(startedBefore);
  await expect.poll(refusal, polling).toMatch(/denied the request: its label says so/);
  await sandbox.kubectl("rollout", "status", "deployment/before", "--timeout=120s");
  await deploy("after");
  await sandbox.kubectl("create", "namespace", "passing");
  await sandbox.kubectl("delete", "namespace", "passing", "--timeout=90s");
});

test("while it is away nothing is written, and when it is back all goes on", async () => {
  const { sandbox } = node;
  await sandbox.kubectl("scale", "deployment/policy-engine", "--namespace=policy", "--replicas=0");
  await expect.poll(refusal, polling).toMatch(/failed calling webhook/);
  await sandbox.kubectl("scale", "deployment/policy-engine", "--namespace=policy", "--replicas=1");
  await expect.poll(refusal, polling).toMatch(/denied the request: its label says so/);
  await deploy("later");
});

/** What the API server says to an object that the policy refuses. */
function refusal(): Promise<string> {
  const label = `{"policy-engine.example.com/refuse":"yes"}`;
  const object = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"refused","labels":${label}}}`;
  const create = [...kubectlInside(node.sandbox), "create", "--dry-run=server", "--filename=-"];
  return node.sandbox.run(create, { input: object }).catch(String);
}

async function deploy(name: string): Promise<void> {
  const { sandbox } = node;
  await sandbox.kubectl("create", "deployment", name, "--image=localhost/nginx:1");
  await sandbox.kubectl("rollout", "status", `deployment/${name}`, "--timeout=120s");
}

/** When a namespace's containers were started. */
function startOf(namespace: string): Promise<string> {
  const field = "jsonpath={.items[*].status.containerStatuses[*].state.running.startedAt}";
  return node.sandbox.kubectl("get", "pods", `--namespace=${namespace}`, `--output=${field}`);
}
