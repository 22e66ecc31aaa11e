// What people do with a cluster, with a kubectl that isn't ours: Debian's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { type Cluster, kubectl, waitForPage } from "../../src/vm/cluster.ts";
import { waitForNginx } from "../../src/vm/nginx.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { runBeside } from "../background.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
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
  /** What of the answer tells that it works. */
  const looks: readonly [string, RegExp][] = [
    [shownCommand("access", "nft list ruleset"), /^table ip kube-proxy \{$/m],
    [shownCommand("access", "blkid"), /LABEL="KSOLODATA"/],
    [shownCommand("access", "df -h"), /^\/dev\/vda5 /m],
    [shownCommand("access", "e2fsck"), /KSOLODATA: .* files/],
    [shownCommand("access", "tail"), /kubesolo: \w/],
    [shownCommand("access", "dmesg"), /Linux version/],
    [shownCommand("access", "chroot /host kubesolo-os-agent status"), /slot A/],
    [shownCommand("access", "chroot /host kubesolo-os-agent history"), /^code 0$/m],
    [shownCommand("access", "chroot /host kubesolo status"), /^kubelet /m],
    [shownCommand("access", "nsenter"), /inet 10\.42\./],
    [shownCommand("access", "ls /proc"), /etc/],
  ];
  const lines = (...commands: string[]) =>
    inShell(commands, { kubectl: [cluster.kubectl, "--kubeconfig", cluster.kubeconfig] });
  let node: string;
  let terminal: Terminal;

  beforeAll(async () => {
    node = await kubectl(cluster, "get", "nodes", "--output=jsonpath={.items[*].metadata.name}");
    terminal = openTerminal(lines(shownCommand("access", "kubectl debug node/NAME -it", { NAME: node })));
    await terminal.waitFor(/try pressing enter/, podLimit);
  });

  afterAll(async () => {
    terminal.type("exit\n");
    await terminal.ended;
  });

  test.each(looks)("in a shell: %s", async (command, pattern) => {
    terminal.type(`${command}\necho code $?\n`);
    await terminal.waitFor(/^code \d+$/m, podLimit);
    expect(terminal.shown()).toMatch(pattern);
  });

  test("by a command, whose pod has the answer until it is deleted", async () => {
    const command = shownCommand("access", "kubectl debug node/NAME --profile", { NAME: node });
    const { exitCode, stdout, stderr } = await runAnyExit(lines(command));
    const [pod = ""] = /node-debugger-\S+/.exec(`${stdout}${stderr}`) ?? [];
    expect([exitCode, pod]).toEqual([0, expect.stringContaining(node)]);
    const own = { "node-debugger-…": pod };
    const logs = lines(shownCommand("access", "kubectl logs", own));
    await expect.poll(() => run(logs).catch(String), { timeout: podLimit.timeoutMs }).toContain("kube-proxy");
    expect(await run(lines(shownCommand("access", "kubectl delete pod", own)))).toContain("deleted");
  });
});
