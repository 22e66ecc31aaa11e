// Pulling through what the configuration makes of its registries: containerd's own reading of our hosts.toml.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Registry, RegistryMirror } from "../../src/agent/cloud-init/actions.ts";
import { prepareKubernetes } from "../../src/agent/configuration/kubernetes/kubernetes.ts";
import { readKit } from "../../src/lib/built.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { folderHost } from "../agent/device/folder-host.ts";
import { login } from "../private-authority.ts";
import { kubectlInside, patience, startBuiltEngine } from "./node-under-test.ts";
import { registryHost, startTlsRegistry, type TlsRegistry } from "./tls-registry.ts";

const limit = `--timeout=${patience.timeoutMs / 1000}s`;
const url = `https://${registryHost}`;
const directory = mkdtempSync(join(tmpdir(), "kubesolo-registries-"));

let sandbox: Sandbox;
let registry: TlsRegistry;
let right: RegistryMirror;

beforeAll(async () => {
  sandbox = await startBuiltEngine("registries", join(directory, "sandbox"));
  registry = await startTlsRegistry(sandbox, join(directory, "registry"));
  await registry.push(readKit().busyboxArchive, "library/busybox");
  right = { url, skipVerify: false, overridePath: false, caPem: registry.caPem, ...login };
  await sandbox.waitForReady(patience);
});

afterAll(async () => {
  await sandbox?.crash();
  rmSync(directory, { recursive: true, force: true });
});

/** The agent's part in a folder, which then becomes the node's. */
async function configure(...registries: Registry[]): Promise<void> {
  const device = join(directory, "device");
  prepareKubernetes(folderHost(device), {
    instanceId: "test",
    actions: [{ do: "set-registries", registries }],
  });
  const copy = 'rm -rf /etc/kubesolo && mkdir -p /etc/kubesolo && cp -a "$1"/etc/kubesolo/. /etc/kubesolo/';
  await sandbox.run(["sh", "-c", copy, "sh", device]);
}

async function makePod(name: string, image: string): Promise<void> {
  const how = [`--image=${image}`, "--image-pull-policy=Always", "--restart=Never"];
  await sandbox.kubectl("run", name, ...how, "--command", "--", "sleep", "600");
}

function whyNot(pod: string): Promise<string> {
  const events = ["get", "events", `--field-selector=involvedObject.name=${pod},reason=Failed`];
  const messages = [...kubectlInside(sandbox), ...events, "--output=jsonpath={.items[*].message}"];
  return sandbox.until(["sh", "-c", '"$@" | grep "Failed to pull"', "sh", ...messages], patience);
}

test.each<[string, (mirror: RegistryMirror) => RegistryMirror, RegExp]>([
  [
    "a wrong password",
    (mirror) => ({ ...mirror, password: "wrong" }),
    /401|[Uu]nauthorized|authorization failed/,
  ],
  [
    "no login",
    ({ username: _, password: __, ...mirror }) => mirror,
    /401|[Uu]nauthorized|no basic auth|authorization failed/,
  ],
  ["no authority", ({ caPem: _, ...mirror }) => mirror, /unknown authority/],
])("with %s nothing is pulled, and the event says why", async (name, change, message) => {
  const pod = name.replaceAll(" ", "-");
  await configure({ host: registryHost, mirrors: [change(right)] });
  await makePod(pod, `${registryHost}/library/busybox:1`);
  expect(await whyNot(pod)).toMatch(message);
  await sandbox.kubectl("delete", "pod", pod, "--now", "--wait=false");
});

test("images of Docker Hub come from a mirror with an authority of its own and a login", async () => {
  await configure({ host: "docker.io", mirrors: [right] });
  await makePod("mirrored", "docker.io/library/busybox:1");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/mirrored", limit);
  expect(readFileSync(registry.log, "utf8")).toMatch(
    /"HEAD \/v2\/library\/busybox\/manifests\/1\?ns=docker\.io[^"]*" 200/,
  );
  expect(readFileSync(registry.log, "utf8")).toMatch(
    /"GET \/v2\/library\/busybox\/blobs\/sha256:[^"]*ns=docker\.io[^"]*" 200/,
  );
});

test("a registry that is its own mirror is asked with its authority and login", async () => {
  await configure({ host: registryHost, mirrors: [right] });
  await makePod("direct", `${registryHost}/library/busybox:1`);
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/direct", limit);
});

test("a certificate may be left unchecked", async () => {
  const { caPem: _, ...unchecked } = right;
  await configure({ host: registryHost, mirrors: [{ ...unchecked, skipVerify: true }] });
  await makePod("unchecked", `${registryHost}/library/busybox:1`);
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/unchecked", limit);
});

test("one mirror for all registries", async () => {
  await configure({ host: "_default", mirrors: [right] });
  await makePod("default", "somewhere.example/library/busybox:1");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/default", limit);
});
