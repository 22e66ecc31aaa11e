// What people do with a cluster, with a kubectl that isn't ours: Debian's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, kubectl, waitForPage } from "../../src/vm/cluster.ts";
import { waitForNginx } from "../../src/vm/nginx.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { runBeside } from "../background.ts";
import {
  askNginx,
  manifestPath,
  podLimit,
  restoreDeployed,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";

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

describe("AppArmor", () => {
  const confinement = ["--", "cat", "/proc/1/attr/current"];

  test("confines a pod by containerd's profile", async () => {
    expect(await kubectl(cluster, "exec", "client", ...confinement)).toBe(
      "cri-containerd.apparmor.d (enforce)\n",
    );
  });

  test("confines a pod by a profile that was loaded", async () => {
    const rules = ["#include <tunables/global>", "profile shop-reads-only flags=(attach_disconnected) {"];
    const profile = [...rules, "#include <abstractions/base>", "file,", "deny /** w,", "}", ""].join("\n");
    await cluster.machine.succeed(
      `printf '%b' '${profile.replaceAll("\n", "\\n")}' | apparmor_parser --replace`,
    );
    await kubectl(cluster, "apply", "--filename", manifestPath("reads-only"));
    await waitForPod(cluster, "reads-only");
    expect(await kubectl(cluster, "exec", "reads-only", ...confinement)).toBe("shop-reads-only (enforce)\n");
    await expect(kubectl(cluster, "exec", "reads-only", "--", "touch", "/tmp/x")).rejects.toThrow(
      /Permission denied/,
    );
  });
});

describe("`kubectl debug node` looks at the box, without a network", () => {
  /** As docs/access.md has it, and what of the answer tells that it works. */
  const looks: readonly [string, RegExp][] = [
    ["nft list tables", /^table ip kube-proxy$/m],
    ["blkid", /LABEL="KSOLODATA"/],
    ["df -h /host/data", /^\/dev\/vda5 /m],
    ["e2fsck -n /dev/vda5", /KSOLODATA: .* files/],
    ["tail -n 1000 /host/var/log/kubesolo.log", /kubesolo: engine: ready in/],
    ["dmesg", /Linux version/],
    ["chroot /host kubesolo-os-agent status", /slot A/],
    ["chroot /host kubesolo status", /^kubelet /m],
    ["nsenter -t $(pidof nginx | cut -d ' ' -f 1) -n ip -4 addr show eth0", /inet 10\.42\./],
  ];
  let answers: readonly string[];

  beforeAll(async () => {
    const script = looks.map(([command]) => `echo == && ${command} 2>&1; `).join("");
    const image = ["--image=localhost/tools:1", "--profile=sysadmin", "--quiet"];
    const node = (await kubectl(cluster, "get", "nodes", "--output=name")).trim();
    await kubectl(cluster, "debug", node, ...image, "--", "sh", "-c", script);
    const pods = [
      "get",
      "pods",
      "--output=jsonpath={range .items[*]}{.metadata.name} {.status.phase}{'\\n'}",
    ];
    await untilPrints(cluster, pods, /^node-debugger-\S+ Succeeded$/m);
    const [pod = ""] = /^node-debugger-\S+/m.exec(await kubectl(cluster, ...pods)) ?? [];
    answers = (await kubectl(cluster, "logs", pod)).split(/^==\n/m).slice(1);
  });

  test.each(looks.map(([command, pattern], index) => [command, pattern, index] as const))(
    "%s",
    (_command, pattern, index) => {
      expect(answers[index]).toMatch(pattern);
    },
  );
});
