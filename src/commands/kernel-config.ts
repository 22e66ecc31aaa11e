// `kubesolo-os kernel-config [IMAGE]`: the configuration of the kernel in an image, or in the machine of `make up`; audited.
import { Command } from "commander";
import { prepareTools } from "../image/debian/packages.ts";
import { auditKernel, countMisses } from "../image/kernel/audit.ts";
import { describeFindings } from "../image/kernel/audit-table.ts";
import { readRequirements } from "../image/kernel/inputs.ts";
import { findKernelConfig, readKernelRelease } from "../image/kernel/kernel-of.ts";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { machineDirectory } from "../up/up.ts";
import { attachMachine } from "../vm/machine.ts";

export function kernelConfigCommand(): Command {
  return new Command("kernel-config")
    .description("print the configuration of the kernel in an image; hold it against what the system needs")
    .argument("[image]", "a disk image, an ISO or a vmlinuz; without one: the machine of `make up`")
    .action(async (image: string | undefined) => {
      const release =
        image === undefined ? await runningRelease() : await readKernelRelease(image, await prepareTools());
      const { profile, config } = await findKernelConfig(release);
      const findings = auditKernel(readRequirements(profile), config, undefined, release);
      log(`${describeFindings(findings)}\nkernel ${release}, profile ${profile}`);
      process.stdout.write(config);
      const { mandatory } = countMisses(findings);
      if (mandatory > 0) throw new UserError(`the kernel ${release} lacks ${mandatory} mandatory options`);
    });
}

async function runningRelease(): Promise<string> {
  const machine = await attachMachine(machineDirectory);
  if (machine === undefined)
    throw new UserError("no machine runs", { hint: "`make up` starts one; or name an image" });
  try {
    return (await machine.succeed("uname -r")).trim();
  } finally {
    machine.detach();
  }
}
