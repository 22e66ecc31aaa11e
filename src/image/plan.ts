// Config → Plan: which steps of the recipe a build takes. Pure, and printable.
import type { BuildConfig } from "./config.ts";
import type { GroupName } from "./debian/inputs.ts";
import { buildSteps } from "./recipe.ts";
import type { Step, StepName } from "./step.ts";

export interface BuildPlan extends BuildConfig {
  /** The groups of Debian packages that are fetched. */
  readonly groups: readonly GroupName[];
  /** In the order in which they are carried out. */
  readonly steps: readonly Step[];
}

export function planBuild(config: BuildConfig): BuildPlan {
  const all = buildSteps(config);
  const asked = withNeeded(all, config.targets);
  const following = all.filter(({ follows }) => follows.some((name) => asked.has(name)));
  const due = withNeeded(all, [...asked, ...following.map(({ name }) => name)]);
  const groups = [...new Set(all.filter(({ name }) => due.has(name)).flatMap(({ packages }) => packages))];
  if (groups.length > 0) due.add("packages");
  return { ...config, groups, steps: all.filter(({ name }) => due.has(name)) };
}

/** The plan for a person. */
export function describePlan({ steps, groups, version, profile, architecture }: BuildPlan): string {
  const lines = steps.flatMap(({ name, packages, reads, makes }, index) => [
    `${String(index + 1).padStart(2)}. ${name}`,
    ...packageLines(name === "packages" ? groups : packages),
    ...reads.map((path) => `      from  ${path}`),
    ...makes.map((path) => `      to    ${path}`),
  ]);
  return [`KubeSolo OS ${version}, profile ${profile}, ${architecture}`, ...lines].join("\n");
}

/** These, and all that they need. */
function withNeeded(steps: readonly Step[], names: readonly StepName[]): Set<StepName> {
  const wanted = new Set(names);
  // Backwards: what a step needs comes before it.
  for (const { name, needs } of [...steps].reverse())
    if (wanted.has(name)) for (const needed of needs) wanted.add(needed);
  return wanted;
}

function packageLines(groups: readonly GroupName[]): string[] {
  return groups.length === 0 ? [] : [`      with  packages ${[...new Set(groups)].join(", ")}`];
}
