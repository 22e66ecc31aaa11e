// Images pulled from a real registry: Debian's, on the host. The node's configuration says how, and comes from a server that
// the kernel command line names.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { login } from "../private-authority.ts";
import { directKernel } from "./direct-kernel.ts";
import {
  becomeReady,
  bootImage,
  podLimit,
  registryProgram,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";
import { hostAddress, RegistryServer } from "./registry-server.ts";

let open: RegistryServer;
let secured: RegistryServer;
let configuration: Server;
let cluster: Cluster;
let source: string;

beforeAll(async () => {
  const { program, archive } = registryProgram();
  const folder = buildPath("test/registry-server");
  open = await RegistryServer.start(program, folder);
  await open.push(archive, "nginx");
  await open.push(archive, "library/nginx");
  const { server, caPem } = await RegistryServer.startSecured(program, `${folder}-secured`, folder);
  secured = server;
  const mirror = { url: `https://${hostAddress}:${secured.port}`, ca: caPem, ...login };
  configuration = await serve(`#cloud-config
kubesolo:
  registries:
    docker.io:
      mirrors: [${JSON.stringify(mirror)}]
    ${hostAddress}:${open.port}:
      mirrors: [http://${hostAddress}:${open.port}]
`);
  source = `http://${hostAddress}:${(configuration.address() as AddressInfo).port}/node.yaml`;
  cluster = await bootImage("registry", {
    kernel: directKernel(`kubesolo.cloudinit=${source}`),
    offline: false,
  });
  await becomeReady(cluster);
});

afterAll(async () => {
  await cluster?.machine.crash();
  configuration?.close();
  await secured?.[Symbol.asyncDispose]();
  await open?.[Symbol.asyncDispose]();
});

test("the configuration comes from the server, and the node says so", async () => {
  expect(await cluster.machine.succeed("kubesolo-os-agent status")).toContain(
    `configuration          ${source}\n`,
  );
  const condition = "jsonpath={.items[0].status.conditions[?(@.type=='NodeConfiguration')].message}";
  await untilPrints(cluster, ["get", "nodes", `--output=${condition}`], new RegExp(`^from ${source}$`));
});

test("images of Docker Hub come from a mirror with TLS, an authority of its own and a login", async () => {
  await runPod("mirrored", "nginx:1");
  expect(secured.log).toMatch(/HEAD \/v2\/library\/nginx\/manifests\/1\?ns=docker\.io.* 200 .*containerd/);
  expect(secured.log).toMatch(/GET \/v2\/library\/nginx\/blobs\/sha256:.*ns=docker\.io.* 200 .*containerd/);
});

test("others come from a registry without TLS", async () => {
  const image = `${hostAddress}:${open.port}/nginx:1`;
  await runPod("direct", image);
  expect(open.log).toMatch(/(GET|HEAD) \/v2\/nginx\/manifests\/.* 200 .*containerd/);
  expect(await cluster.machine.succeed("kubesolo images list", podLimit)).toContain(image);
});

async function runPod(name: string, image: string): Promise<void> {
  await kubectl(cluster, "run", name, `--image=${image}`, "--image-pull-policy=Always");
  await waitForPod(cluster, name);
}

/** A server on this host that answers with the text, whatever is asked for. */
function serve(text: string): Promise<Server> {
  const server = createServer((_request, response) => response.end(text));
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
