// One machine through its first day: power on, deploy, reboot, lose its power.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, kubectl } from "../../src/vm/cluster.ts";
import {
  becomeReady,
  bootImage,
  bootLimit,
  deployNginx,
  measure,
  nginxAnswers,
} from "./machine-under-test.ts";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await measure("BIOS, power-on to Ready", async () => {
    const booted = await bootImage("first-boot");
    await becomeReady(booted);
    return booted;
  });
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test.each(["/usr", "/bin", "/sbin", "/etc"])("%s cannot be written", async (folder) => {
  expect(await cluster.machine.fail(`touch ${folder}/x`)).toContain("Read-only file system");
});

test("the root is a read-only squashfs", async () => {
  const mounts = await cluster.machine.succeed("cat /proc/mounts");
  expect(mounts).toMatch(/^\S+ \/ squashfs ro,/m);
});

test("nginx from an imported image runs and answers", async () => {
  await measure("nginx, import to answer", async () => {
    await deployNginx(cluster);
    await nginxAnswers(cluster);
  });
  expect(await cluster.machine.succeed("kubesolo images list")).toContain("localhost/nginx:1");
  expect(await podPhases(cluster)).toEqual(["Running"]);
});

test("a reboot keeps the deployment", async () => {
  await measure("clean reboot to Ready", async () => {
    await cluster.machine.reboot(bootLimit);
    await becomeReady(cluster);
  });
  await nginxAnswers(cluster);
});

test("a power cut keeps the deployment", async () => {
  await measure("power cut to Ready", async () => {
    await cluster.machine.crash();
    await cluster.machine.powerOn();
    await becomeReady(cluster);
  });
  await nginxAnswers(cluster);
});

test("the power button shuts it down", async () => {
  expect(await measure("shutdown", () => cluster.machine.shutdown({ timeoutMs: 150_000 }))).toBe("clean");
});

async function podPhases(of: Cluster): Promise<string[]> {
  const phases = await kubectl(
    of,
    "get",
    "pods",
    "--selector",
    "app=nginx",
    "--output",
    "jsonpath={.items[*].status.phase}",
  );
  return phases.split(" ");
}
