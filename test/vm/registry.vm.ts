// Images pulled from a real registry: Debian's, on the host. The node's configuration says how, and comes from a server that
// the kernel command line names, without TLS and with it.
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { hostAddress } from "../../src/vm/release-server.ts";
import { login, makeCertificates } from "../private-authority.ts";
import { directKernel } from "./direct-kernel.ts";
import {
  bootImage,
  bootLimit,
  podLimit,
  registryProgram,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";
import { type RegistryServer, startRegistry, startSecuredRegistry } from "./registry-server.ts";

let open: RegistryServer;
let secured: RegistryServer;
const configurations: Server[] = [];
let cluster: Cluster;
let source: string;
let nextSource: string;

beforeAll(async () => {
  const { program, archive } = registryProgram();
  const folder = buildPath("test/registry-server");
  open = await startRegistry(program, folder);
  await open.push(archive, "nginx");
  await open.push(archive, "library/nginx");
  const { server, caPem } = await startSecuredRegistry(program, `${folder}-secured`, folder);
  secured = server;
  const mirror = { url: `https://${hostAddress}:${secured.port}`, ca: caPem, ...login };
  // Not the mirror's authority: that one is known for the mirror alone.
  const authority = buildPath("test/configuration-server");
  mkdirSync(authority, { recursive: true });
  const trusted = await makeCertificates(authority, hostAddress);
  const registries = answer(`#cloud-config
ca_certs:
  trusted: [${JSON.stringify(trusted)}]
kubesolo:
  registries:
    docker.io:
      mirrors: [${JSON.stringify(mirror)}]
    ${hostAddress}:${open.port}:
      mirrors: [http://${hostAddress}:${open.port}]
`);
  source = `http://${hostAddress}:${await listen(createServer(registries))}/node.yaml`;
  const file = (name: string) => readFileSync(join(authority, name));
  const identity = { cert: file("server.crt"), key: file("server.key") };
  const named = answer("#cloud-config\nhostname: by-tls\n");
  nextSource = `https://${hostAddress}:${await listen(createSecureServer(identity, named))}/node.yaml`;
  cluster = await bootImage("registry", {
    kernel: directKernel(`kubesolo.cloudinit=${source}`),
    offline: false,
  });
  await becomeReady(cluster, bootLimit);
});

afterAll(async () => {
  await cluster?.machine.crash();
  for (const server of configurations) server.close();
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
  expect(readFileSync(secured.log, "utf8")).toMatch(
    /HEAD \/v2\/library\/nginx\/manifests\/1\?ns=docker\.io.* 200 .*containerd/,
  );
  expect(readFileSync(secured.log, "utf8")).toMatch(
    /GET \/v2\/library\/nginx\/blobs\/sha256:.*ns=docker\.io.* 200 .*containerd/,
  );
});

test("others come from a registry without TLS", async () => {
  const image = `${hostAddress}:${open.port}/nginx:1`;
  await runPod("direct", image);
  expect(readFileSync(open.log, "utf8")).toMatch(/(GET|HEAD) \/v2\/nginx\/manifests\/.* 200 .*containerd/);
  expect(await cluster.machine.succeed("kubesolo images list", podLimit)).toContain(image);
});

test("the next configuration comes over TLS, from an authority that the first one has the node trust", async () => {
  const { machine } = cluster;
  const { options } = machine;
  await machine.succeed("sync");
  await machine.crash();
  await machine.powerOn({ ...options, kernel: directKernel(`kubesolo.cloudinit=${nextSource}`) });
  expect(await machine.succeed("hostname", bootLimit)).toBe("by-tls\n");
  expect(await machine.succeed("kubesolo-os-agent status")).toContain(
    `configuration          ${nextSource}\n`,
  );
});

async function runPod(name: string, image: string): Promise<void> {
  await kubectl(cluster, "run", name, `--image=${image}`, "--image-pull-policy=Always");
  await waitForPod(cluster, name);
}

/** The text, whatever is asked for. */
function answer(text: string): RequestListener {
  return (_request, response) => response.end(text);
}

/** Returns its port of this host. */
async function listen(server: Server): Promise<number> {
  configurations.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}
