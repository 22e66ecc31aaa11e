// Settings that only a running node can show, and the commands for its images.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { startBuiltEngine } from "./node-under-test.ts";

const limit = { timeoutMs: 120_000 };
const directory = mkdtempSync(join(tmpdir(), "kubesolo-configuration-"));
const file = join(directory, "config.yaml");
const busybox = readKit().busyboxArchive;
const kubesolo = buildPath("engine/kubesolo");
const ca = { certificate: join(directory, "ca.crt"), key: join(directory, "ca.key") };
const agent = [
  "--namespace=portainer",
  "get",
  "deployment/portainer-agent",
  "--output=jsonpath={.spec.replicas}",
];

let sandbox: Sandbox;

function writeConfiguration(lines: readonly string[]): void {
  const all = [
    "apiVersion: kubesolo.io/v1alpha1",
    "kind: Config",
    `pki: {caCert: ${ca.certificate}, caKey: ${ca.key}}`,
    ...lines,
  ];
  writeFileSync(file, `${all.join("\n")}\n`, { mode: 0o600 });
}

async function restart(lines: readonly string[]): Promise<void> {
  writeConfiguration(lines);
  expect(await sandbox.stopEngine({ timeoutMs: 30_000 })).toBe(0);
  await sandbox.startEngine();
  await sandbox.waitForReady(limit);
}

beforeAll(async () => {
  const request = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "30",
    "-subj",
    "/CN=our own CA",
  ];
  await run([...request, "-keyout", ca.key, "-out", ca.certificate]);
  writeConfiguration([
    "network: {mtu: 1400}",
    "kubernetes: {kubelet: {systemReserved: {memory: 300Mi, pid: 500}}}",
    "storage: {dbWALRepair: true}",
    "portainer: {edgeID: my-node, edgeKey: my-key, image: localhost/agent:1}",
  ]);
  sandbox = await startBuiltEngine("configuration", join(directory, "sandbox"), ["--config", file]);
  await sandbox.waitForReady(limit);
});

afterAll(async () => {
  await sandbox?.crash();
  rmSync(directory, { recursive: true, force: true });
});

test("a given CA signs the node's certificates, and the engine makes none", async () => {
  const pki = join(sandbox.path("state"), "pki");
  for (const name of ["apiserver", "kubelet-server", "admin"])
    await run(["openssl", "verify", "-CAfile", ca.certificate, join(pki, name, `${name}.crt`)]);
  expect(existsSync(join(pki, "ca"))).toBe(false);
  const config = ["get", "configmap", "kube-root-ca.crt", "--output=jsonpath={.data.ca\\.crt}"];
  expect((await sandbox.kubectl(...config)).trim()).toBe(readFileSync(ca.certificate, "utf8").trim());
});

test("what is reserved is not for pods", async () => {
  const memory = async (of: string) =>
    Number(
      (await sandbox.kubectl("get", "node", `--output=jsonpath={.items[0].status.${of}.memory}`)).replace(
        "Ki",
        "",
      ),
    );
  expect((await memory("capacity")) - (await memory("allocatable"))).toBe((300 + 50) * 1024);
});

test("the Portainer agent is made from its settings, and goes with them", async () => {
  expect(await sandbox.kubectl(...agent)).toBe("1");
  const settings = [
    "--namespace=portainer",
    "get",
    "configmap/portainer-agent-edge",
    "--output=jsonpath={.data}",
  ];
  expect(JSON.parse(await sandbox.kubectl(...settings))).toMatchObject({
    EDGE_ID: "my-node",
    EDGE_ASYNC: "0",
  });
  await restart([
    "network: {mtu: 1400}",
    "portainer: {edgeID: my-node, edgeKey: my-key, async: true, image: localhost/agent:1}",
  ]);
  expect(JSON.parse(await sandbox.kubectl(...settings))).toMatchObject({
    EDGE_ID: "my-node",
    EDGE_ASYNC: "1",
  });
  await restart(["network: {mtu: 1400}"]);
  const left = [
    "secret/portainer-agent-edge-key",
    "serviceaccount/portainer-sa-clusteradmin",
    "service/portainer-agent",
    "clusterrolebinding/portainer-crb-clusteradmin",
  ];
  expect(await sandbox.kubectl("get", "--ignore-not-found", "--namespace=portainer", ...left)).toBe("");
  await sandbox.kubectl(
    "wait",
    "--namespace=portainer",
    "--for=delete",
    "deployment/portainer-agent",
    "--timeout=60s",
  );
});

test("an imported image is found by its digest, kept, renamed, and removed when nothing uses it", async () => {
  const images = (...args: string[]) => sandbox.run([kubesolo, "images", ...args]);
  expect(await images("import", busybox)).toBe("localhost/busybox:1\n");
  const digest = /busybox:1 .* yes .*(sha256:\w+)/.exec(await images("list"))?.[1];
  const how = [`--image=localhost/busybox@${digest}`, "--image-pull-policy=IfNotPresent", "--restart=Never"];
  await sandbox.kubectl("run", "user", ...how, "--command", "--", "sleep", "600");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/user", "--timeout=90s");
  expect(await sandbox.kubectl("exec", "user", "--", "cat", "/sys/class/net/eth0/mtu")).toBe("1400\n");
  const inUse = await sandbox.runAnyExit([kubesolo, "images", "remove", "localhost/busybox:1"]);
  expect(inUse.stderr).toContain("a container is made from it");
  expect(await images("pin", "--off", "localhost/busybox:1")).toContain("no longer pinned");
  expect(await images("prune")).toBe("freed 0 bytes (0.0 KiB)\n");

  await sandbox.kubectl("delete", "pod", "user", "--now");
  await sandbox.until(["sh", "-c", `${kubesolo} images prune --dry-run | grep busybox`], limit);
  const pruned = await images("prune");
  expect(pruned).toMatch(/^removed localhost\/busybox:1\nfreed [1-9]\d{5,} bytes/);
  const left = await images("list");
  expect(left).toMatch(/localhost\/pause:1 .* yes /);
  expect(left).not.toContain("busybox");

  // It can come back, also compressed and through a pipe; what is pinned stays.
  const piped = `gzip -c ${busybox} | ${kubesolo} images import --name localhost/other:1 -`;
  expect(await sandbox.run(["sh", "-c", piped])).toBe("localhost/other:1\n");
  expect(await images("tag", "localhost/other:1", "busybox:2")).toBe("docker.io/library/busybox:2\n");
  expect(await images("prune", "--dry-run")).toBe("");
  expect(await images("remove", "localhost/other:1")).toMatch(/^removed localhost\/other:1\n/);
  expect(await images("list")).toMatch(/^docker.io\/library\/busybox:2 .* yes /m);
  expect(await images("remove", "busybox:2")).toMatch(/freed [1-9]\d{5,} bytes/);
  expect(await images("list")).not.toContain("busybox");
});

test.each([
  ["an empty file", (path: string) => writeFileSync(path, ""), "it is empty"],
  ["text", (path: string) => writeFileSync(path, "hello ".repeat(500)), "it is no tar archive"],
  [
    "half an archive",
    (path: string) => {
      copyFileSync(busybox, path);
      truncateSync(path, readFileSync(busybox).length / 2);
    },
    "cut off",
  ],
])("importing %s says what is wrong", async (_name, make, message) => {
  mkdirSync(join(directory, "bad"), { recursive: true });
  const bad = join(directory, "bad/archive.tar");
  make(bad);
  const result = await sandbox.runAnyExit([kubesolo, "images", "import", bad]);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(`cannot import ${bad}: `);
  expect(result.stderr).toContain(message);
});

test("--print-config touches nothing, and says what counts", async () => {
  const state = join(directory, "untouched");
  const printed = await sandbox.run([kubesolo, "--print-config", "--config", file, `--path=${state}`]);
  expect(printed).toContain(`path: ${state} # --path\n`);
  expect(printed).toContain(`mtu: 1400 # ${file}:4\n`);
  expect((await sandbox.runAnyExit(["test", "-e", state])).exitCode).toBe(1);
});

test("all mistakes are reported at once, before anything is touched", async () => {
  writeConfiguration(["network: {mut: 1400}", "metrics: {bindAddress: localhost}"]);
  const state = join(directory, "untouched");
  const result = await sandbox.runAnyExit([kubesolo, "--config", file, `--path=${state}`, "--node-ip=eth0"]);
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toBe(
    [
      `kubesolo: engine: ${file}:4: network.mut: unknown key; did you mean "network.mtu"?`,
      `kubesolo: engine: ${file}:5: metrics.bindAddress: bad value "localhost"; right would be an IP address with a port, such as 127.0.0.1:9105`,
      'kubesolo: engine: --node-ip: bad value "eth0"; right would be an IPv4 address of this machine, such as 192.168.1.10',
      "",
    ].join("\n"),
  );
  expect((await sandbox.runAnyExit(["test", "-e", state])).exitCode).toBe(1);
});
