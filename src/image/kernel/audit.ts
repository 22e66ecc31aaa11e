// Has a kernel what the product needs: by its configuration, and by the modules that go along. Pure.
import { UserError } from "../../lib/errors.ts";
import { parseKernelConfig } from "./config.ts";
import { type ModuleIndex, moduleNames } from "./modules.ts";
import type { Place, Requirement } from "./requirements.ts";

/** The modules really packed, as depmod indexed them there. */
export type PackedModules = Readonly<Record<Place, ModuleIndex>>;

export interface Finding extends Requirement {
  /** What the configuration says; "n" for what it does not set. */
  readonly found: string;
  readonly verdict: "met" | "wrong value" | "module not packed" | "alias not answered";
  /** The modules or aliases that the verdict is about. */
  readonly lacking: readonly string[];
}

/** Without packed modules the configuration alone is judged, and every module counts as there. */
export function auditKernel(
  requirements: readonly Requirement[],
  configText: string,
  packed: PackedModules | undefined,
  configName = "the kernel's configuration",
): Finding[] {
  const config = parseKernelConfig(configText, configName);
  return requirements.map((requirement) => {
    const found = config.get(requirement.option) ?? "n";
    return { ...requirement, found, ...judge(requirement, found, packed?.[requirement.place]) };
  });
}

export function countMisses(findings: readonly Finding[]): Record<Requirement["need"], number> {
  const missed = findings.filter(({ verdict }) => verdict !== "met");
  const mandatory = missed.filter(({ need }) => need === "mandatory").length;
  return { mandatory, recommended: missed.length - mandatory };
}

/** Throws when something mandatory is missing, and says all that is; returns what the log should warn of. */
export function checkFindings(findings: readonly Finding[]): string[] {
  const missed = findings.filter(({ verdict }) => verdict !== "met");
  const mandatory = missed.filter(({ need }) => need === "mandatory").map(describeMiss);
  if (mandatory.length > 0) {
    throw new UserError(`the kernel lacks what the system needs:\n  ${mandatory.join("\n  ")}`, {
      hint: "take another kernel, or add the modules to inputs/modules.json; docs/kernel.md has more",
    });
  }
  return missed.map((finding) => `recommended of a kernel: ${describeMiss(finding)}`);
}

/** One line: what is wrong, and for whom. */
function describeMiss({ option, found, accepts, verdict, lacking, place, who, why }: Finding): string {
  const set = found === "n" ? `CONFIG_${option} is not set` : `CONFIG_${option} is ${found}`;
  const problems = {
    met: set,
    "wrong value": `${set}, where ${accepts.join(" or ")} is needed`,
    "module not packed": `${set}, but the ${place} has no module ${lacking.join(" or ")}`,
    "alias not answered": `${set}, but no module in the ${place} answers to ${lacking.join(" or ")}`,
  };
  return `${problems[verdict]} (needed by ${who}: ${why})`;
}

type Judgement = Pick<Finding, "verdict" | "lacking">;

const MET: Judgement = { verdict: "met", lacking: [] };

function judge(requirement: Requirement, found: string, packed: ModuleIndex | undefined): Judgement {
  if (!requirement.accepts.includes(found)) return { verdict: "wrong value", lacking: [] };
  if (found !== "m" || packed === undefined) return MET;
  const names = moduleNames(packed);
  const modules = requirement.modules.filter((name) => !names.has(name));
  if (modules.length > 0) return { verdict: "module not packed", lacking: modules };
  const aliases = requirement.aliases.filter((alias) => !packed.aliases.has(alias));
  return aliases.length > 0 ? { verdict: "alias not answered", lacking: aliases } : MET;
}
