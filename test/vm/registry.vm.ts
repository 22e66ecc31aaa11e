// An image pulled from a real registry: Debian's, on the host, which the machine reaches as 10.0.2.2.
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { podLimit, registryProgram, restoreDeployed, waitForPod } from "./machine-under-test.ts";
import { RegistryServer } from "./registry-server.ts";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await restoreDeployed("registry", { offline: false });
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test("a pod runs an image that the node has pulled from a registry without TLS", async () => {
  const { program, archive } = registryProgram();
  await using registry = await RegistryServer.start(program, buildPath("test/registry-server"));
  await registry.push(archive, "nginx");
  const host = `10.0.2.2:${registry.port}`;

  const { machine } = cluster;
  const folder = `/etc/kubesolo/certs.d/${host}`;
  await machine.succeed(`mkdir -p ${folder} && echo 'server = "http://${host}"' >${folder}/hosts.toml`);
  await kubectl(cluster, "run", "pulled", `--image=${host}/nginx:1`, "--image-pull-policy=Always");
  await waitForPod(cluster, "pulled");

  expect(registry.log).toMatch(/GET \/v2\/nginx\/manifests\/.* 200 .*containerd/);
  expect(registry.log).toMatch(/GET \/v2\/nginx\/blobs\/sha256:.* 200 .*containerd/);
  expect(await machine.succeed("kubesolo images list", podLimit)).toContain(`${host}/nginx:1`);
});
