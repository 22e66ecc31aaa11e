// Carries out a plan. recipe.ts says what each step does; read that first.
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { BuiltImage } from "../lib/built.ts";
import { checkSpace } from "../lib/files.ts";
import { step } from "../lib/log.ts";
import { repository } from "../lib/paths.ts";
import { type BakedFiles, isAnythingBaked, NOTHING_BAKED } from "./baked/baked.ts";
import { checkBaked } from "./baked/check.ts";
import type { Target } from "./config.ts";
import type { GroupName } from "./debian/inputs.ts";
import { readInputs } from "./debian/packages.ts";
import type { Extra } from "./kernel/wanted.ts";
import { type BuildPlan, planBuild } from "./plan.ts";
import { type Product, readProduct } from "./product.ts";
import { imageDirectory, type Profile } from "./profile.ts";
import type { Given, Made, StepName } from "./step.ts";

/** What one build takes at most besides the compiler: packages, the root as tar and squashfs, every output. */
const WORKING_BYTES = 2 * 2 ** 30;

/** What a build may be asked besides what it makes, and for which machines. */
export interface BuildWishes {
  readonly baked?: BakedFiles;
  readonly extras?: readonly Extra[];
  /** Another release than package.json's. */
  readonly asRelease?: Partial<Product>;
  /** Where outputs go, a host path below the repository; by what the image is unless said. */
  readonly folder?: string;
}

/** The plan for these sources and inputs. */
export function makePlan(
  targets: readonly Target[],
  profile: Profile,
  { baked = NOTHING_BAKED, extras: asked = [], asRelease = {}, folder }: BuildWishes = {},
): BuildPlan {
  const { architecture, epoch } = readInputs();
  const extras = [...new Set(asked)].sort();
  // Of its own: the plain image stays what the tests know.
  const marks = [
    ...(asRelease.version === undefined ? [] : [asRelease.version]),
    ...extras,
    ...(isAnythingBaked(baked) ? ["baked"] : []),
    ...(baked.faults ? ["faults"] : []),
    ...(baked.ssh === undefined ? [] : ["ssh"]),
  ];
  const own = [imageDirectory(profile), ...marks].join("-");
  const product = { ...readProduct(), ...asRelease };
  const config = { targets, profile, architecture, ...product, epoch, baked, extras };
  return planBuild({ ...config, folder: relative(repository, folder ?? own) });
}

/** Builds the disk image, which machines are made from. */
export async function buildAll(profile: Profile = "vm", wishes: BuildWishes = {}): Promise<BuiltImage> {
  const { image } = await build(makePlan(["disk"], profile, wishes));
  if (image === undefined) throw new Error("a build of the disk left no disk");
  return image;
}

/** Returns the host paths of what was asked for, in that order, and what is known of the disk if there is one. */
export async function build(plan: BuildPlan): Promise<{ files: string[]; image?: BuiltImage }> {
  const folder = join(repository, plan.folder);
  await checkBaked(plan.baked, readInputs().architecture);
  mkdirSync(folder, { recursive: true });
  checkSpace(folder, WORKING_BYTES);
  let made: Partial<Made> = {};
  for (const { name, make } of plan.steps)
    made = { ...made, [name]: await step(name, async (say) => make(given(plan, made, say))) };
  return { files: filesOf(plan), ...(made.record && { image: made.record }) };
}

/** Not all of it is there yet; a plan has what a step needs before it, and the step sees nothing else. */
function given(
  { groups }: BuildPlan,
  made: Partial<Made>,
  say: (what: string) => void,
): Given<StepName, GroupName> {
  return { ...made, roots: made.packages ?? {}, groups, say } as Given<StepName, GroupName>;
}

function filesOf({ targets, steps }: BuildPlan): string[] {
  return [...new Set(targets)].map((target) => {
    const [file = ""] = steps.find(({ name }) => name === target)?.makes ?? [];
    return join(repository, file);
  });
}
