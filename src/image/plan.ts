// Config → Plan: which steps a build takes, what each reads and what it makes. Pure, and printable.
import { type BakedFiles, bakedPaths } from "./baked/baked.ts";
import type { Architecture, GroupName } from "./debian/inputs.ts";
import { OUTPUT_NAMES, type OutputName, outputs } from "./outputs/outputs.ts";
import { kernelGroups, type Profile } from "./profile.ts";

/** What one may ask for: outputs, and two of the things that outputs are made from. */
export const TARGETS = [...OUTPUT_NAMES, "rootfs", "initramfs"] as const;

export type Target = (typeof TARGETS)[number];

export interface BuildConfig {
  readonly targets: readonly Target[];
  readonly profile: Profile;
  readonly architecture: Architecture;
  readonly version: string;
  /** Where outputs go; below the repository. */
  readonly folder: string;
  readonly baked: BakedFiles;
}

export type StepName =
  | "packages"
  | "kernel"
  | "initramfs"
  | "engine"
  | "agent"
  | "container images"
  | "rootfs"
  | OutputName
  | "manifest";

export interface PlannedStep {
  readonly name: StepName;
  /** Sources and outputs of other steps, below the repository. */
  readonly reads: readonly string[];
  readonly makes: readonly string[];
}

export interface BuildPlan extends BuildConfig {
  /** The groups of Debian packages that are fetched. */
  readonly groups: readonly GroupName[];
  /** In the order in which they are carried out. */
  readonly steps: readonly PlannedStep[];
}

/** The packages that every build needs besides its profile's kernel; other groups are for tests. */
const GROUPS = ["rootfs", "tools"] as const;

export function planBuild(config: BuildConfig): BuildPlan {
  const steps = allSteps(config);
  const wanted = new Set<StepName>(config.targets);
  if (config.targets.some(isOutput)) wanted.add("manifest");
  // Backwards: what a step needs comes before it.
  for (const { name, needs } of [...steps].reverse())
    if (wanted.has(name)) for (const needed of needs) wanted.add(needed);
  return {
    ...config,
    groups: [kernelGroups[config.profile], ...GROUPS],
    steps: steps
      .filter(({ name }) => wanted.has(name))
      .map(({ name, reads, makes }) => ({ name, reads, makes })),
  };
}

export function hasStep(plan: BuildPlan, name: StepName): boolean {
  return plan.steps.some((step) => step.name === name);
}

/** The outputs that the plan makes, those too that others are made from. */
export function plannedOutputs(plan: BuildPlan): OutputName[] {
  return OUTPUT_NAMES.filter((name) => hasStep(plan, name));
}

/** The plan for a person. */
export function describePlan(plan: BuildPlan): string {
  const lines = plan.steps.flatMap(({ name, reads, makes }, index) => [
    `${String(index + 1).padStart(2)}. ${name}`,
    ...reads.map((path) => `      from  ${path}`),
    ...makes.map((path) => `      to    ${path}`),
  ]);
  const { version, profile, architecture } = plan;
  return [`KubeSolo OS ${version}, profile ${profile}, ${architecture}`, ...lines].join("\n");
}

interface Step extends PlannedStep {
  readonly needs: readonly StepName[];
}

/** Every step there is, in order. */
function allSteps({ folder, architecture, baked }: BuildConfig): Step[] {
  const made = (name: string) => `${folder}/${name}`;
  const engine = architecture === "amd64" ? "build/engine" : `build/engine-${architecture}`;
  const agent = architecture === "amd64" ? "build/agent" : `build/agent-${architecture}`;
  const slotFiles = ["build/cache/roots", made("initramfs.img"), made("root.squashfs")];
  return [
    {
      name: "packages",
      needs: [],
      reads: ["inputs/debian.json", "inputs/debian.lock.json"],
      makes: ["build/cache/debian", "build/cache/roots"],
    },
    {
      name: "kernel",
      needs: ["packages"],
      reads: ["inputs/modules.json", "inputs/kernel-options.json"],
      makes: ["build/cache/modules"],
    },
    { name: "initramfs", needs: ["kernel"], reads: ["init"], makes: [made("initramfs.img")] },
    { name: "engine", needs: ["packages"], reads: ["engine"], makes: [engine] },
    { name: "agent", needs: [], reads: ["src/agent", "src/release", "runtime"], makes: [agent] },
    {
      name: "container images",
      needs: ["engine"],
      reads: [engine],
      makes: [made("pause.tar")],
    },
    {
      name: "rootfs",
      needs: ["kernel", "engine", "agent", "container images"],
      reads: ["init", "rootfs", engine, agent, made("pause.tar"), ...bakedPaths(baked)],
      makes: [made("root.squashfs")],
    },
    ...OUTPUT_NAMES.map((name): Step => outputStep(name, slotFiles, made)),
    {
      name: "manifest",
      needs: ["rootfs", "initramfs"],
      reads: ["inputs/debian.lock.json", "package-lock.json", engine, agent, ...slotFiles],
      makes: ["manifest.json", "sbom.spdx.json"].map(made),
    },
  ];
}

function outputStep(name: OutputName, slotFiles: readonly string[], made: (name: string) => string): Step {
  const { file, from } = outputs[name];
  return {
    name,
    needs: from === undefined ? ["rootfs", "initramfs"] : [from],
    reads: from === undefined ? slotFiles : [made(outputs[from].file)],
    makes: [made(file), made(`${file}.sha256`)],
  };
}

function isOutput(target: Target): target is OutputName {
  return target in outputs;
}
