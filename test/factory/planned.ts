// A plan against what a build really takes and leaves.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BuildPlan } from "../../src/image/plan.ts";

/** In the folder of each file that `makeOnce` makes only when it must: what it was made from. */
const RECORDS = "build/records";

/** The files below `build` of a checkout that no step of the plan says it makes. */
export function unplannedFiles(checkout: string, { steps }: BuildPlan): string[] {
  const planned = [RECORDS, ...steps.flatMap(({ makes }) => makes)];
  return filesBelow(checkout, "build").filter(
    (file) => !planned.some((path) => file === path || file.startsWith(`${path}/`)),
  );
}

function filesBelow(checkout: string, folder: string): string[] {
  return readdirSync(join(checkout, folder), { withFileTypes: true, recursive: true })
    .filter((item) => !item.isDirectory())
    .map((item) => join(item.parentPath, item.name).slice(checkout.length + 1));
}
