// From power-on to Ready, offline, in little memory.
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseBootTimes } from "../../src/boot-times/times.ts";
import { becomeReady, type Cluster } from "../../src/vm/cluster.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

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
