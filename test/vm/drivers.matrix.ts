// Pods and Services of both families on a machine whose router announces IPv6, and what people install on it. What two families come
// to in all: test/sandbox/dual-stack.test.ts.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster, importImages, kubectl } from "../../src/vm/cluster.ts";
import { nginxDisk } from "../../src/vm/nginx.ts";
import { writeConfigurationVolume } from "./configuration-volume.ts";
import { apply, driversPromises } from "./drivers-promises.ts";
import {
  bootImage,
  bootLimit,
  busyboxSerial,
  manifestPath,
  podLimit,
  untilFails,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";

const config = `#cloud-config
network:
  version: 2
  ethernets:
    eth0: {dhcp4: true, accept-ra: true}
kubesolo:
  config:
    kubernetes:
      podCIDR: 10.42.0.0/16,fd42::/56
      serviceCIDR: 10.43.0.0/16,fd43::/112
`;
/** What QEMU's user network announces; its ::2 is this host. */
const announced = "fec0::";

let cluster: Cluster;
let outside: Server;

beforeAll(async () => {
  const volume = buildPath("test/dual-stack.img");
  await writeConfigurationVolume("stick", volume, { "user-data": config });
  const { busyboxArchive, driversArchive, meshArchive, nginxArchive } = readKit();
  const images = [
    { path: busyboxArchive, serial: busyboxSerial },
    { path: driversArchive, serial: "drivers" },
    { path: meshArchive, serial: "mesh" },
    nginxDisk(nginxArchive),
  ];
  const readOnlyDisks = [{ path: volume, serial: "configuration" }, ...images];
  cluster = await bootImage("drivers", { readOnlyDisks, offline: false });
  await becomeReady(cluster, bootLimit);
  for (const { serial } of images) await importImages(cluster.machine, serial, podLimit);
  await apply(cluster, sourcePath("test/sandbox/manifests/dual-stack.yaml"));
  for (const pod of ["server", "client"]) await waitForPod(cluster, pod);
  outside = createServer((request, response) => response.end(`seen from ${request.socket.remoteAddress}`));
  outside.listen(0, "::1");
  await once(outside, "listening");
}, 900_000);

afterAll(async () => {
  outside?.close();
  await cluster?.machine.crash();
});

test("pods, Services and the machine have an address of each family", async () => {
  expect(await get("pod/server", "{.status.podIPs[*].ip}")).toMatch(/^10\.42\.0\.\d+ fd42::\w+$/);
  expect(await get("service/both", "{.spec.clusterIPs[*]}")).toMatch(/^10\.43\.\S+ fd43::\w+$/);
  await cluster.machine.until(`ip -6 address show dev eth0 | grep -F ${announced}`, bootLimit);
  const given = ["get", "service/both", "--output=jsonpath={.status.loadBalancer.ingress[*].ip}"];
  await untilPrints(cluster, given, new RegExp(`^10\\.0\\.2\\.15 ${announced}`));
});

test("over IPv6 a pod reaches pods, Services by name and address, the node's ports and the world", async () => {
  const node = (await get("service/both", "{.status.loadBalancer.ingress[1].ip}")).trim();
  const service = await get("service/both", "{.spec.clusterIPs[1]}");
  const pod = await get("pod/server", "{.status.podIPs[1].ip}");
  for (const host of [
    `[${pod}]`,
    `[${service}]:8090`,
    "six",
    `[${node}]:8090`,
    `[${node}]:30080`,
    `[${node}]:8080`,
  ])
    await untilPrints(cluster, ask(host), /^hello$/m);
  const { port } = outside.address() as AddressInfo;
  await untilPrints(cluster, ask(`[${announced}2]:${port}`), /^seen from ::1$/);
});

driversPromises(() => cluster);

test("a policy tells the families apart", async () => {
  const four = await get("pod/server", "{.status.podIP}");
  await apply(cluster, manifestPath("policy-only-ipv4"));
  await untilFails(cluster, ask("six"));
  await untilPrints(cluster, ask(four), /^hello$/m);
  await apply(cluster, manifestPath("policy-only-ipv6"));
  await untilFails(cluster, ask(four));
  await untilPrints(cluster, ask("six"), /^hello$/m);
});

function ask(host: string): string[] {
  return ["exec", "client", "--", "timeout", "5", "wget", "-q", "-O", "-", `http://${host}/`];
}

function get(object: string, path: string): Promise<string> {
  return kubectl(cluster, "get", object, `--output=jsonpath=${path}`);
}
