import { expect, test } from "vitest";
import { NOTHING_BAKED } from "./baked/baked.ts";
import type { BuildConfig, Target } from "./config.ts";
import { OUTPUT_NAMES } from "./outputs/outputs.ts";
import { describePlan, planBuild } from "./plan.ts";

const config: BuildConfig = {
  targets: ["disk"],
  profile: "vm",
  architecture: "amd64",
  version: "1.2.3",
  sequence: 7,
  minCompatibleVersion: "1.0.0",
  epoch: 86_400,
  folder: "build/image",
  baked: NOTHING_BAKED,
  extras: [],
};

const names = (...targets: Target[]) => planBuild({ ...config, targets }).steps.map(({ name }) => name);

test("the plan of everything, as --plan prints it", async () => {
  const plan = planBuild({ ...config, targets: OUTPUT_NAMES });
  await expect(`${describePlan(plan)}\n`).toMatchFileSnapshot("../../test/golden/build-plan.txt");
});

test("the plan of the least", async () => {
  const plan = planBuild({ ...config, targets: ["initramfs"] });
  await expect(`${describePlan(plan)}\n`).toMatchFileSnapshot("../../test/golden/build-plan-initramfs.txt");
});

test("the plan of an image with everything baked in names what goes in", async () => {
  const baked = {
    images: ["a.tar", "b.tgz"],
    manifests: ["m/web.yaml"],
    config: "node.yaml",
    updateKeys: "keys.json",
  };
  const plan = planBuild({ ...config, targets: ["rootfs"], folder: "build/image-baked", baked });
  await expect(`${describePlan(plan)}\n`).toMatchFileSnapshot("../../test/golden/build-plan-baked.txt");
});

test("an image with SSH takes its packages and a key, and any other takes neither", () => {
  const rootfs = (baked: BuildConfig["baked"]) =>
    planBuild({ ...config, targets: ["rootfs"], baked }).steps.find(({ name }) => name === "rootfs");
  const plain = rootfs(NOTHING_BAKED);
  const withSsh = rootfs({ ...NOTHING_BAKED, ssh: "id.pub" });
  expect([plain?.packages, withSsh?.packages]).toEqual([
    ["rootfs", "tools"],
    ["rootfs", "tools", "ssh"],
  ]);
  expect(withSsh?.reads.filter((path) => !plain?.reads.includes(path))).toEqual(["id.pub"]);
});

test("what mounts NFS is fetched for an image that mounts it", () => {
  expect(planBuild({ ...config, targets: ["rootfs"], extras: ["nfs", "xfs"] }).groups).toContain("nfs");
  expect(planBuild({ ...config, targets: ["rootfs"], extras: ["xfs"] }).groups).not.toContain("nfs");
});

test.each<[string, Target[], string[]]>([
  ["an initramfs needs no engine", ["initramfs"], ["packages", "kernel", "initramfs"]],
  ["a root needs no initramfs", ["rootfs"], ["packages", "kernel", "engine", "agent", "images", "rootfs"]],
  ["nothing asked for, nothing made", [], []],
])("%s", (_name, targets, expected) => {
  expect(names(...targets)).toEqual(expected);
});

test("what is asked for twice is made once", () => {
  expect(names("iso", "iso", "rootfs")).toEqual(names("iso"));
});

test.each<[string, Target, string[]]>([
  [
    "qcow2 brings the disk that it is made from, and with it the disk's record",
    "qcow2",
    ["disk", "qcow2", "manifest", "record"],
  ],
  ["an ISO brings no disk", "iso", ["iso", "manifest"]],
  ["an archive for the network brings none, either", "pxe", ["pxe", "manifest"]],
  ["a bundle brings none, either", "bundle", ["bundle", "manifest"]],
  ["a root comes without a manifest", "rootfs", []],
  ["so does an initramfs", "initramfs", []],
])("%s", (_name, target, expected) => {
  const last: readonly string[] = [...OUTPUT_NAMES, "manifest", "record"];
  expect(names(target).filter((name) => last.includes(name))).toEqual(expected);
});

test.each<[string, Partial<BuildConfig>, string[]]>([
  ["an initramfs fetches no compiler's libraries", { targets: ["initramfs"] }, ["kernel", "tools", "rootfs"]],
  ["a root fetches them too", { targets: ["rootfs"] }, ["kernel", "tools", "sysroot-amd64", "rootfs"]],
  ["a disk fetches no more", { targets: ["disk"] }, ["kernel", "tools", "sysroot-amd64", "rootfs"]],
  ["nothing fetches nothing", { targets: [] }, []],
  [
    "for other machines it's their kernel",
    { targets: ["initramfs"], profile: "hardware" },
    ["kernel-hardware", "tools", "rootfs"],
  ],
  [
    "for other processors it's their libraries, and those of what compiles scripts here",
    { targets: ["rootfs"], architecture: "arm64" },
    ["kernel", "tools", "rootfs", "sysroot-arm64", "sysroot-amd64"],
  ],
])("%s", (_name, change, groups) => {
  expect(new Set(planBuild({ ...config, ...change }).groups)).toEqual(new Set(groups));
});

test("every step reads what steps made that it needs, or those need", () => {
  const { steps } = planBuild({ ...config, targets: OUTPUT_NAMES });
  const there = new Map<string, readonly string[]>();
  for (const { name, needs, reads, makes } of steps) {
    const made = needs.flatMap((needed) => there.get(needed) ?? []);
    expect(reads.filter((path) => path.startsWith("build/") && !made.includes(path))).toEqual([]);
    there.set(name, [...made, ...makes]);
  }
});
