// What people do with a cluster, on a real machine, with a kubectl that isn't ours: Debian's.
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { type Cluster, importImages, kubectl } from "../../src/vm/cluster.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { waitFor } from "../../src/vm/vigil.ts";
import {
  becomeReady,
  bootImage,
  bootLimit,
  busyboxSerial,
  deployNginx,
  podLimit,
  withStockKubectl,
} from "./machine-under-test.ts";

const manifest = (name: string) => sourcePath("test/vm/manifests", `${name}.yaml`);
const askNginx = [
  "exec",
  "client",
  "--",
  "wget",
  "-T",
  "5",
  "-qO-",
  "http://nginx.default.svc.cluster.local",
];

let cluster: Cluster;

beforeAll(async () => {
  cluster = withStockKubectl(await bootImage("kubernetes"));
  await becomeReady(cluster);
  await importImages(cluster.machine, busyboxSerial, podLimit);
  await deployNginx(cluster);
  await kubectl(cluster, "apply", "--filename", manifest("client"));
  await podIsReady("client");
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test("the first minute's log is short", async () => {
  expect(Number(await cluster.machine.succeed("stat -c %s /var/log/kubesolo.log"))).toBeLessThan(20 * 1024);
});

test("a service answers by its name from another pod", async () => {
  await until(askNginx, /nginx/);
});

test("logs, exec and cp reach into a pod", async () => {
  expect(await kubectl(cluster, "logs", "client")).toBe("started\n");
  expect(await kubectl(cluster, "exec", "client", "--", "hostname")).toBe("client\n");
});

test("a port of a pod is forwarded", async () => {
  const port = await findFreePort();
  const args = ["--kubeconfig", cluster.kubeconfig, "port-forward", "service/nginx", `${port}:80`];
  const forward = spawn(cluster.kubectl, args, { stdio: "ignore" });
  try {
    const page = await waitFor(cluster.machine, {
      what: () => "the forwarded port to answer",
      ...podLimit,
      attempt: () =>
        fetch(`http://127.0.0.1:${port}`).then(
          (answer) => answer.text(),
          () => undefined,
        ),
    });
    expect(page).toContain("nginx");
  } finally {
    forward.kill();
  }
});

test("objects are applied by the server and by the client", async () => {
  const serverSide = ["--server-side", "--field-manager=test", "--force-conflicts"];
  expect(await kubectl(cluster, "apply", "--filename", manifest("client"), ...serverSide)).toContain(
    "serverside-applied",
  );
  expect(await kubectl(cluster, "apply", "--filename", manifest("client"))).toMatch(/configured|unchanged/);
  expect(await kubectl(cluster, "explain", "networkpolicy.spec.ingress")).toContain("FIELDS");
});

test("a policy denies, and allows", async () => {
  await kubectl(cluster, "apply", "--filename", manifest("policy-deny"));
  await untilFails(askNginx);
  await kubectl(cluster, "apply", "--filename", manifest("policy-allow"));
  await until(askNginx, /nginx/);
  await kubectl(cluster, "delete", "--filename", manifest("policy-allow"));
});

test("a load balancer has the node's address", async () => {
  await kubectl(cluster, "patch", "service", "nginx", "--patch", '{"spec":{"type":"LoadBalancer"}}');
  const address = ["get", "service", "nginx", "--output", "jsonpath={.status.loadBalancer.ingress[*].ip}"];
  const nodeAddress = 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const node = await kubectl(cluster, "get", "nodes", "--output", nodeAddress);
  await until(address, new RegExp(`^${node}$`));
  await until(["exec", "client", "--", "wget", "-T", "5", "-qO-", `http://${node}`], /nginx/);
});

test("what a pod wrote to its volume is there for the next one", async () => {
  await kubectl(cluster, "apply", "--filename", manifest("volume"));
  await podIsReady("writer");
  await kubectl(cluster, "delete", "pod", "writer");
  await kubectl(cluster, "apply", "--filename", manifest("volume"));
  await podIsReady("writer");
  expect(await kubectl(cluster, "logs", "writer")).toBe("line\nline\n");
});

test("SIGTERM ends the engine with exit code 0 in time, and the next one takes the pods over", async () => {
  const before = await containers();
  const pid = await enginePid();
  await cluster.machine.succeed(`kill -TERM ${pid}`);
  await cluster.machine.until(`! kill -0 ${pid}`, { timeoutMs: 10_000 });
  await engineIsBack(pid);
  expect(await cluster.machine.succeed("cat /run/kubesolo-os/engine.exit")).toBe("0\n");
  expect(await containers()).toEqual(before);
});

test("SIGKILL during writes loses nothing that was acknowledged", async () => {
  const before = await containers();
  const pid = await enginePid();
  const acknowledged: string[] = [];
  const refused = writeUntilRefused(acknowledged);
  await expect.poll(() => acknowledged.length, { timeout: podLimit.timeoutMs }).toBeGreaterThan(2);
  await cluster.machine.succeed(`kill -KILL ${pid}`);
  await refused;
  await engineIsBack(pid);
  const found = (await kubectl(cluster, "get", "configmaps", "--output=name")).split("\n");
  expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
  expect(await containers()).toEqual(before);
});

test("a volume is still there after these restarts", async () => {
  await kubectl(cluster, "delete", "pod", "writer");
  await kubectl(cluster, "apply", "--filename", manifest("volume"));
  await podIsReady("writer");
  expect(await kubectl(cluster, "logs", "writer")).toBe("line\nline\nline\n");
});

async function enginePid(): Promise<number> {
  return Number(await cluster.machine.succeed("cat /run/kubesolo-os/engine.pid"));
}

/** Waits until another engine than this runs and says that all of it is ready. */
async function engineIsBack(pid: number): Promise<void> {
  const another = `test "$(cat /run/kubesolo-os/engine.pid)" != ${pid} && kubesolo status`;
  await cluster.machine.until(another, bootLimit);
}

/** Ids of all pods' containers, as the runtime knows them; sorted. */
async function containers(): Promise<string[]> {
  const path = "jsonpath={.items[*].status.containerStatuses[*].containerID}";
  return (await kubectl(cluster, "get", "pods", "--output", path)).split(" ").sort();
}

/** Creates one ConfigMap after the other until that fails; notes the names of those that were acknowledged. */
async function writeUntilRefused(acknowledged: string[]): Promise<void> {
  for (;;) {
    const create = ["create", "configmap", `burst-${acknowledged.length}`, "--output=name"];
    const name = await kubectl(cluster, ...create).catch(() => undefined);
    if (name === undefined) return;
    acknowledged.push(name.trim());
  }
}

function podIsReady(name: string): Promise<string> {
  return kubectl(
    cluster,
    "wait",
    "--for=condition=Ready",
    `pod/${name}`,
    `--timeout=${podLimit.timeoutMs / 1000}s`,
  );
}

/** Runs kubectl until it prints what fits. */
function until(args: readonly string[], pattern: RegExp): Promise<true> {
  return untilResult(
    args,
    `to print ${pattern}`,
    (printed) => printed !== undefined && pattern.test(printed),
  );
}

function untilFails(args: readonly string[]): Promise<true> {
  return untilResult(args, "to fail", (printed) => printed === undefined);
}

function untilResult(
  args: readonly string[],
  what: string,
  isRight: (printed: string | undefined) => boolean,
): Promise<true> {
  let last: string | undefined;
  return waitFor(cluster.machine, {
    what: () => `kubectl ${args.join(" ")} ${what}; last: ${last ?? "it failed"}`,
    ...podLimit,
    attempt: async () => {
      last = await kubectl(cluster, ...args).catch(() => undefined);
      return isRight(last) ? true : undefined;
    },
    everyMs: 500,
  });
}
