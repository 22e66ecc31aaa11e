// Settings that are whole configurations of Kubernetes' own: the kubelet's drop-ins, and the API server's files.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const manifest = sourcePath("test/sandbox/manifests/settings.yaml");

let node: NodeUnderTest;
let sandbox: Sandbox;

beforeAll(async () => {
  node = await startNode("settings");
  await node.sandbox.waitForReady(patience);
  const state = node.sandbox.path("state");
  const statics = join(state, "static-pods");
  put(join(state, "kubelet/config.d/10-own.conf"), {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    maxPods: 33,
    allowedUnsafeSysctls: ["net.ipv4.ip_default_ttl"],
    staticPodPath: statics,
  });
  put(join(state, "kubelet/config.d/20-bad.conf"), {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    maxPods: 44,
    clusterDNS: ["8.8.8.8"],
  });
  const container = { name: "c", image: "localhost/busybox:1", command: ["sleep", "100000"] };
  put(join(statics, "fixed.yaml"), {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "fixed" },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  });
  mkdirSync(join(state, "kubelet/config.d/30-folder.conf"));
  execFileSync("mkfifo", [join(state, "kubelet/config.d/40-pipe.conf")]);
  mkdirSync(join(state, "images"), { recursive: true });
  execFileSync("mkfifo", [join(state, "images/pipe.tar")]);
  await node.restartWith(
    "--feature-gates=ContainerStopSignals=true",
    `--apiserver-admission-config-file=${put(join(node.directory, "admission.yaml"), admission)}`,
    `--apiserver-audit-policy-file=${put(join(node.directory, "audit.yaml"), audit)}`,
    `--apiserver-encryption-config-file=${put(join(node.directory, "encryption.yaml"), encryption)}`,
  );
  sandbox = node.sandbox;
});

afterAll(() => node?.end());

test("a drop-in of the kubelet counts, and one that touches what is the engine's is told and left out", async () => {
  const pods = await sandbox.kubectl("get", "nodes", "--output=jsonpath={.items[*].status.capacity.pods}");
  expect(pods).toBe("33");
  expect(sandbox.engineLog).toContain(
    "20-bad.conf: clusterDNS is the engine's to say; set kubernetes.serviceCIDR",
  );
});

test("what is no file is told, and neither ends a start nor holds it up", () => {
  expect(sandbox.engineLog).toContain("30-folder.conf: it is a folder, not a file");
  expect(sandbox.engineLog).toContain("40-pipe.conf: it is a pipe, not a file");
  expect(sandbox.engineLog).toMatch(/cannot load \S+\/pipe\.tar, going on without it: it is a pipe/);
});

test("a feature gate counts for the API and for the kubelet", async () => {
  const spec = {
    os: { name: "linux" },
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        name: "c",
        image: "localhost/busybox:1",
        command: ["sh", "-c", "trap 'exit 7' USR1; while :; do sleep 0.2; done"],
        lifecycle: { stopSignal: "SIGUSR1" },
      },
    ],
  };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "signalled" }, spec };
  await sandbox.kubectl("apply", "--filename", put(join(node.directory, "signalled.yaml"), pod));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/signalled", "--timeout=90s");
  const signal = "--output=jsonpath={.spec.containers[0].lifecycle.stopSignal}";
  expect(await sandbox.kubectl("get", "pod", "signalled", signal)).toBe("SIGUSR1");
  // By the usual signal the shell, as process 1, would only end when it is killed.
  await sandbox.kubectl("delete", "pod", "signalled", "--timeout=30s");
});

test("an unsafe sysctl that is allowed has its effect, and Pod Security's default refuses a pod", async () => {
  await expect(sandbox.kubectl("apply", "--filename", manifest)).rejects.toThrow(
    'violates PodSecurity "baseline:latest"',
  );
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/tuned", "--namespace=loose", "--timeout=90s");
  const ttl = await sandbox.kubectl(
    "exec",
    "--namespace=loose",
    "tuned",
    "--",
    "cat",
    "/proc/sys/net/ipv4/ip_default_ttl",
  );
  expect(ttl).toBe("66\n");
});

test("a static pod runs", async () => {
  await expect
    .poll(() => sandbox.kubectl("get", "pod", "fixed-settings").catch(() => ""), polling)
    .toContain("Running");
});

test("requests are noted, and secrets are encrypted in the database", async () => {
  const word = "a-word-to-look-for";
  await sandbox.kubectl("create", "secret", "generic", "own", `--from-literal=key=${word}`);
  await sandbox.kubectl("create", "configmap", "own", `--from-literal=key=${word}-too`);
  expect(await sandbox.kubectl("get", "secret", "own", "--output=jsonpath={.data.key}")).toBe(
    Buffer.from(word).toString("base64"),
  );
  const lines = (await sandbox.run(["grep", '"resource":"secrets"', "/var/log/kubesolo-audit.log"])).split(
    "\n",
  );
  expect(lines.some((line) => line.includes('"verb":"create"') && line.includes('"name":"own"'))).toBe(true);
  await sandbox.stopEngine(patience);
  const database = readFileSync(join(sandbox.path("state"), "kine/db/state.db"), "latin1");
  expect(database).toContain(`${word}-too`);
  expect(database.replaceAll(`${word}-too`, "")).not.toContain(word);
  expect(database).toContain("k8s:enc:secretbox:v1:one:");
});

test("a file that can't be used is refused before anything is touched, with the reason", async () => {
  const file = put(join(node.directory, "bad.yaml"), { ...audit, rules: [{ level: "Everything" }] });
  const flags = [`--apiserver-audit-policy-file=${file}`, "--apiserver-admission-config-file=/absent"];
  const { exitCode, stderr } = await node.engine(`--path=${sandbox.path("state")}`, ...flags);
  expect(exitCode).toBe(64);
  expect(stderr).toContain(`kubernetes.apiServer.auditPolicyFile: cannot use ${file}: `);
  expect(stderr).toContain("kubernetes.apiServer.admissionConfigFile: cannot use /absent: ");
  const gates = await node.engine("--feature-gates=ContainerStopSignal=true");
  expect(gates.exitCode).toBe(64);
  expect(gates.stderr).toContain('did you mean "ContainerStopSignals"?');
});

/** Writes JSON, which is YAML; returns the path. */
function put(path: string, value: object): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  return path;
}

const admission = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AdmissionConfiguration",
  plugins: [
    {
      name: "PodSecurity",
      configuration: {
        apiVersion: "pod-security.admission.config.k8s.io/v1",
        kind: "PodSecurityConfiguration",
        defaults: { enforce: "baseline", "enforce-version": "latest" },
      },
    },
  ],
};
const audit = { apiVersion: "audit.k8s.io/v1", kind: "Policy", rules: [{ level: "Metadata" }] };
const encryption = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "EncryptionConfiguration",
  resources: [
    {
      resources: ["secrets"],
      providers: [
        { secretbox: { keys: [{ name: "one", secret: Buffer.alloc(32, 7).toString("base64") }] } },
        { identity: {} },
      ],
    },
  ],
};
