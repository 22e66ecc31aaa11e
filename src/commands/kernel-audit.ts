import { Command } from "commander";
import { auditKernel, countMisses } from "../image/kernel/audit.ts";
import { describeFindings, describeRequirements } from "../image/kernel/audit-table.ts";
import { readKernelConfig } from "../image/kernel/config.ts";
import { readRequirements } from "../image/kernel/inputs.ts";
import type { Profile } from "../image/profile.ts";
import { UserError } from "../lib/errors.ts";
import { profileOption } from "./profile-option.ts";

interface Options {
  readonly profile: Profile;
  readonly json: boolean;
}

export function kernelAuditCommand(): Command {
  return new Command("kernel-audit")
    .description(
      "hold a kernel's configuration against what the system needs; without one: list what that is",
    )
    .argument("[file]", "a whole configuration, plain or packed with gzip: .config, /proc/config.gz")
    .addOption(profileOption())
    .option("--json", "print JSON instead of a table", false)
    .action(audit);
}

function audit(file: string | undefined, { profile, json }: Options): void {
  const requirements = readRequirements(profile);
  if (file === undefined) {
    console.log(json ? inJson(requirements) : describeRequirements(requirements));
    return;
  }
  const findings = auditKernel(requirements, readKernelConfig(file), undefined, file);
  console.log(json ? inJson(findings) : describeFindings(findings));
  const { mandatory, recommended } = countMisses(findings);
  if (mandatory > 0)
    throw new UserError(
      `${mandatory} mandatory and ${recommended} recommended options are not met by "${file}"`,
      { hint: 'those whose verdict is not "met"; docs/kernel.md says more' },
    );
}

function inJson(rows: readonly object[]): string {
  return JSON.stringify(rows, null, 2);
}
