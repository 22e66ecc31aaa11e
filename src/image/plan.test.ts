import { expect, test } from "vitest";
import { NOTHING_BAKED } from "./baked/baked.ts";
import { type BuildConfig, describePlan, hasStep, planBuild, plannedOutputs, type Target } from "./plan.ts";

const config: BuildConfig = {
  targets: ["disk"],
  profile: "vm",
  architecture: "amd64",
  version: "1.2.3",
  folder: "build/image",
  baked: NOTHING_BAKED,
};

const names = (...targets: Target[]) => planBuild({ ...config, targets }).steps.map(({ name }) => name);

test("the plan of everything, as --plan prints it", async () => {
  const plan = planBuild({ ...config, targets: ["disk", "qcow2", "iso", "pxe"] });
  await expect(`${describePlan(plan)}\n`).toMatchFileSnapshot("../../test/golden/build-plan.txt");
});

test("the plan of an image with everything baked in names what goes in", async () => {
  const baked = { images: ["a.tar", "b.tgz"], manifests: ["m/web.yaml"], config: "node.yaml" };
  const plan = planBuild({ ...config, targets: ["rootfs"], folder: "build/image-baked", baked });
  await expect(`${describePlan(plan)}\n`).toMatchFileSnapshot("../../test/golden/build-plan-baked.txt");
});

test.each<[string, Target[], string[]]>([
  ["an initramfs needs no engine", ["initramfs"], ["packages", "kernel", "initramfs"]],
  [
    "a root needs no initramfs",
    ["rootfs"],
    ["packages", "kernel", "engine", "agent", "container images", "rootfs"],
  ],
  ["nothing asked for, nothing made", [], []],
])("%s", (_name, targets, expected) => {
  expect(names(...targets)).toEqual(expected);
});

test("what is asked for twice is made once", () => {
  expect(names("iso", "iso", "rootfs")).toEqual(names("iso"));
});

test("qcow2 brings the disk that it is made from, an ISO doesn't", () => {
  expect(plannedOutputs(planBuild({ ...config, targets: ["qcow2"] }))).toEqual(["disk", "qcow2"]);
  expect(plannedOutputs(planBuild({ ...config, targets: ["iso"] }))).toEqual(["iso"]);
});

test.each<[Target, boolean]>([
  ["rootfs", false],
  ["initramfs", false],
  ["pxe", true],
])("%s comes with a manifest: %s", (target, expected) => {
  expect(hasStep(planBuild({ ...config, targets: [target] }), "manifest")).toBe(expected);
});

test.each([
  ["vm", "kernel"],
  ["hardware", "kernel-hardware"],
] as const)("profile %s takes the packages of the group %s", (profile, group) => {
  expect(planBuild({ ...config, profile }).groups).toContain(group);
});

test("every step reads what steps before it made", () => {
  const { steps } = planBuild({ ...config, targets: ["disk", "qcow2", "iso", "pxe"] });
  const made = new Set<string>();
  for (const { reads, makes } of steps) {
    const unmade = reads.filter((path) => path.startsWith("build/") && !made.has(path));
    expect(unmade).toEqual([]);
    for (const path of makes) made.add(path);
  }
});
