// What people do with a cluster, with a kubectl that isn't ours: Debian's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, kubectl, waitForPage } from "../../src/vm/cluster.ts";
import { waitForNginx } from "../../src/vm/nginx.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { runBeside } from "../background.ts";
import { askNginx, manifestPath, podLimit, restoreDeployed, untilPrints } from "./machine-under-test.ts";

/** In the shell of docs/access.md. */
const IN_NGINX = "nsenter -t $(pidof nginx | cut -d ' ' -f 1) -n ip -4 addr show eth0";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await restoreDeployed("deploy-workload");
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test("nginx from an imported image runs and answers, outside of the machine, too", async () => {
  expect(await cluster.machine.succeed("kubesolo images list")).toContain("localhost/nginx:1");
  await waitForNginx(cluster, podLimit);
});

test("a service answers by its name from another pod", async () => {
  await untilPrints(cluster, askNginx(), /nginx/);
});

test("logs and exec reach into a pod", async () => {
  expect(await kubectl(cluster, "logs", "client")).toBe("started\n");
  expect(await kubectl(cluster, "exec", "client", "--", "hostname")).toBe("client\n");
});

test("a port of a pod is forwarded", async () => {
  const port = await findFreePort();
  const args = ["--kubeconfig", cluster.kubeconfig, "port-forward", "service/nginx", `${port}:80`];
  await using _forward = runBeside([cluster.kubectl, ...args]);
  await waitForPage(cluster.machine, `http://127.0.0.1:${port}`, "nginx", podLimit);
});

test("objects are applied by the server and by the client", async () => {
  const serverSide = ["--server-side", "--field-manager=test", "--force-conflicts"];
  const apply = ["apply", "--filename", manifestPath("client")];
  expect(await kubectl(cluster, ...apply, ...serverSide)).toContain("serverside-applied");
  expect(await kubectl(cluster, ...apply)).toMatch(/configured|unchanged/);
  expect(await kubectl(cluster, "explain", "networkpolicy.spec.ingress")).toContain("FIELDS");
});

test("a load balancer has the node's address", async () => {
  await kubectl(cluster, "patch", "service", "nginx", "--patch", '{"spec":{"type":"LoadBalancer"}}');
  const address = ["get", "service", "nginx", "--output", "jsonpath={.status.loadBalancer.ingress[*].ip}"];
  const nodeAddress = 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const node = await kubectl(cluster, "get", "nodes", "--output", nodeAddress);
  await untilPrints(cluster, address, new RegExp(`^${node}$`));
  await untilPrints(cluster, askNginx(node), /nginx/);
});

describe("`kubectl debug node` looks at the box, without a network", () => {
  const debug = async (...command: string[]) => {
    const node = (await kubectl(cluster, "get", "nodes", "--output=name")).trim();
    const how = ["--image=localhost/tools:1", "--profile=sysadmin", "--quiet", "--attach"];
    return kubectl(cluster, "debug", node, ...how, "--", ...command);
  };

  test.each<[string, string[], RegExp]>([
    ["the kernel's rules", ["nft", "list", "tables"], /^table ip kube-proxy$/m],
    ["the disks", ["blkid"], /LABEL="KSOLODATA"/],
    ["the data partition's file system", ["dumpe2fs", "-h", "/dev/vda5"], /Filesystem state: +clean/],
    ["its room", ["df", "-h", "/host/data"], /\/host\/data$/m],
    ["the log", ["tail", "-n", "100", "/host/var/log/kubesolo.log"], /kubesolo: engine: ready/],
    ["the system", ["chroot", "/host", "kubesolo-os-agent", "status"], /slot A/],
    ["a pod's network, by a process of it", ["sh", "-c", IN_NGINX], /inet 10\.42\./],
  ])("%s", async (_name, command, pattern) => {
    expect(await debug(...command)).toMatch(pattern);
  });
});
