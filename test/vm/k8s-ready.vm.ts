// From power-on to Ready, offline, in little memory.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseBootTimes } from "../../src/boot-times/times.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { bootImage, bootLimit, measure, untilPrints } from "./machine-under-test.ts";
import { explainSupport, fetchSupport, partOf } from "./support.ts";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await measure("512 MB, power-on to Ready", async () => {
    const booted = await bootImage("k8s-ready", { memoryMiB: 512 });
    await becomeReady(booted, bootLimit);
    return booted;
  });
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test("the console says that the node is Ready, where it is, and what a person needs", async () => {
  await cluster.machine.waitForConsole(/node {7}Ready, [\d.]+ s after/, bootLimit);
  const status = await cluster.machine.succeed("cat /run/kubesolo-os/status");
  expect(status).toMatch(/addresses {2}eth0 10\.0\.2\.15/);
  expect(status).toContain(
    "API        https://10.0.2.15:6443\n  kubeconfig /var/lib/kubesolo/pki/admin/admin.kubeconfig",
  );
});

test("the boot's times are there to be drawn, from the initramfs to the engine", async () => {
  const where = "/run/kubesolo-os/boot.json";
  const parts = parseBootTimes(await cluster.machine.succeed(`cat ${where}`), where);
  const names = parts.map(({ name }) => name);
  // 20 and 30 run beside each other: either may end first.
  const stages = names.slice(1, -1).sort();
  expect([names[0], ...stages, names.at(-1)]).toEqual([
    "initramfs",
    "00-early-mount",
    "10-parse-cmdline",
    "20-persistent-mount",
    "30-kernel-modules",
    "40-sysctl",
    "50-network",
    "60-hostname",
    "70-clock",
    "80-containerd",
    "90-kubesolo",
    "engine",
  ]);
  for (const { started, ended } of parts) expect(ended).toBeGreaterThanOrEqual(started);
});

test("the first minute's log is short", async () => {
  expect(Number(await cluster.machine.succeed("stat -c %s /var/log/kubesolo.log"))).toBeLessThan(20 * 1024);
});

test("the plugins that further networks of pods need work with this kernel", async () => {
  const { machine } = cluster;
  const plugins = "/usr/lib/kubesolo-os/cni";
  const addresses = { type: "static", addresses: [{ address: "10.9.9.9/24" }] };
  await machine.succeed("touch /run/netns/more && unshare --net=/run/netns/more true");
  for (const type of ["macvlan", "ipvlan"]) {
    const network = { cniVersion: "1.0.0", name: "more", type, master: "eth0", ipam: addresses };
    const where = `CNI_CONTAINERID=more CNI_NETNS=/run/netns/more CNI_IFNAME=${type} CNI_PATH=${plugins}`;
    const said = await machine.succeed(
      `echo '${JSON.stringify(network)}' | ${where} CNI_COMMAND=ADD ${plugins}/${type}`,
    );
    expect(JSON.parse(said)).toMatchObject({ ips: [{ address: "10.9.9.9/24" }] });
    await machine.succeed(`nsenter --net=/run/netns/more ip link delete ${type}`); // a card has one kind at a time
  }
  await machine.succeed("modprobe -a ifb sch_tbf sch_ingress cls_u32 act_mirred"); // bandwidth's
});

test("Prometheus finds in it what the example's dashboard and rules ask for", async () => {
  await cluster.machine.succeed("kubesolo-os-agent metrics");
  await cluster.machine.until("test -e /run/kubesolo-os/metrics/update.prom", bootLimit);
  const told = await cluster.machine.succeed(
    "wget -qO - http://127.0.0.1:9105/metrics | grep '^# TYPE kubesolo_'",
  );
  const served = [...told.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
  const asked = ["dashboard.json", "rules.yaml"].flatMap(
    (name) => readFileSync(sourcePath(`examples/monitoring/${name}`), "utf8").match(/kubesolo_\w+/g) ?? [],
  );
  // Its disk is no eMMC, no update was made, it has no channel, and no time server.
  const absent = [
    "kubesolo_os_clock_synced",
    "kubesolo_os_disk_life_used_ratio",
    "kubesolo_os_disk_reserve",
    "kubesolo_os_update_channel_issued_timestamp_seconds",
  ];
  expect(asked.length).toBeGreaterThan(30);
  expect([...new Set(asked)].filter((name) => !served.includes(name)).sort()).toEqual(absent);
});

describe("a support bundle", () => {
  test("comes out of it by kubectl, whole, and points at nothing", async () => {
    const file = await measure("support bundle", () => fetchSupport(cluster, "ready"));
    expect(JSON.parse(await partOf(file, "index.json"))).toMatchObject({ format: 1, missing: {} });
    expect(await partOf(file, "memory.txt")).toMatch(/MemTotal: .* kubesolo$/ms);
    expect(await partOf(file, "disks.txt")).toMatch(/^file system on vda5: 0 errors.*\/data$/ms);
    expect(await partOf(file, "nodes.txt")).toMatch(/^ +Ready +True/m);
    expect(await partOf(file, "engine.txt")).toMatch(/^kubelet +ready/m);
    for (const name of ["versions.txt", "updates.json", "boot.txt", "kernel.log", "network.txt", "clock.txt"])
      expect((await partOf(file, name)).length, name).toBeGreaterThan(40);
    // Its time daemon has no network: it may have said so by now.
    const found = (await explainSupport(file)).match(/^\d\. .*/gm) ?? [];
    expect(found.filter((cause) => !cause.includes("no time server answers"))).toEqual([]);
  });

  test("of a node that isn't Ready says why", async () => {
    await kubectl(cluster, "apply", "--filename", sourcePath("test/vm/manifests/refused-leases.yaml"));
    await untilPrints(cluster, ["get", "nodes", "--no-headers"], / NotReady /);
    expect(await explainSupport(await fetchSupport(cluster, "not-ready"))).toMatch(
      /^\d\. a webhook that nobody answers for[\s\S]*system\.log: .*refused-leases\.example\.com/m,
    );
  });
});
