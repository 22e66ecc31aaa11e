// The profile's kernel, held against what the system needs of one.
import type { Tools } from "../../lib/locked-tools.ts";
import { log } from "../../lib/log.ts";
import type { Profile } from "../profile.ts";
import { auditKernel, checkFindings } from "./audit.ts";
import { readRequirements, readWantedModules } from "./inputs.ts";
import { type Kernel, prepareKernel } from "./kernel.ts";
import type { Extra } from "./wanted.ts";

/** Of the kernel unpacked under `root`; throws when the system could not run on it. */
export async function makeAuditedKernel(
  root: string,
  profile: Profile,
  extras: readonly Extra[],
  tools: Tools,
): Promise<Kernel> {
  const kernel = await prepareKernel(root, readWantedModules(profile, extras), tools);
  const findings = auditKernel(readRequirements(profile), kernel.config, kernel.packed);
  for (const warning of checkFindings(findings)) log(`warning: ${warning}`);
  return kernel;
}
