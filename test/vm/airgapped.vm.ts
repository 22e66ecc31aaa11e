// An image with everything baked in, in a machine whose cable leads nowhere: it gets ready and serves its page by itself.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { nginxGuestPort } from "../../src/vm/nginx.ts";
import { bootImage, bootLimit, podLimit } from "./machine-under-test.ts";

const config = `#cloud-config
hostname: island
network:
  version: 2
  ethernets:
    eth0:
      addresses: [192.168.77.7/24]
kubesolo:
  portainer:
    edge_id: island-1
    edge_key: not-a-real-key
    image: localhost/nginx:1
  manifests:
    - name: note
      content: |
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: note}
        data: {from: configuration}
`;
const inNamespace = "--namespace=portainer";

let machine: Machine;

beforeAll(async () => {
  const folder = buildPath("test/airgapped-inputs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "node.yaml"), config);
  const baked = [
    `--images=${readKit().nginxArchive}`,
    `--manifests=${sourcePath("examples/nginx")}`,
    `--config=${join(folder, "node.yaml")}`,
  ];
  await run([sourcePath("bin/kubesolo-os"), "build", "disk", ...baked]);
  const booted = await bootImage("airgapped", { isAlone: true, forwards: [] }, { image: "image-baked" });
  machine = booted.machine;
}, 1_200_000);

afterAll(async () => {
  await machine?.crash();
});

test("the configuration is the image's own, and nothing is kept of it", async () => {
  expect(await machine.until("kubesolo-os-agent status", bootLimit)).toContain("the image's own");
  expect(await machine.succeed("hostname")).toBe("island\n");
  await machine.succeed("test ! -e /etc/kubesolo/cloud-init.yaml");
});

test("it gets ready, and the baked nginx answers", async () => {
  await machine.until("kubesolo status", bootLimit);
  expect(await machine.succeed("kubesolo images list", podLimit)).toContain("localhost/nginx:1");
  expect(await machine.until(`wget -T 5 -qO- http://192.168.77.7:${nginxGuestPort}`, podLimit)).toContain(
    "nginx",
  );
});

test("manifests of the configuration are applied, too", async () => {
  const get = "kubectl get configmap note --output=jsonpath={.data.from}";
  expect(await machine.until(asAdmin(get), podLimit)).toBe("configuration");
});

test("the Portainer agent has its id and key, and its pod is made without pulling", async () => {
  const id = `kubectl ${inNamespace} get configmap portainer-agent-edge --output=jsonpath={.data.EDGE_ID}`;
  expect(await machine.until(asAdmin(id), podLimit)).toBe("island-1");
  const key = `kubectl ${inNamespace} get secret portainer-agent-edge-key --output=jsonpath={.data}`;
  const expected = { "edge.key": Buffer.from("not-a-real-key").toString("base64") };
  expect(JSON.parse(await machine.succeed(asAdmin(key)))).toEqual(expected);
  // Any image will do for that: nginx doesn't know what it stands in for.
  const pod = `kubectl ${inNamespace} get pods --output=jsonpath={.items[*].status.containerStatuses[*].imageID}`;
  await machine.until(`${asAdmin(pod)} | grep sha256:`, podLimit);
});

function asAdmin(command: string): string {
  return `KUBECONFIG=/var/lib/kubesolo/pki/admin/admin.kubeconfig ${command}`;
}
