import { Command, Option } from "commander";
import { buildAll } from "../image/build.ts";
import type { Profile } from "../image/profile.ts";
import { prepareQemu } from "../kit/kit.ts";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { type Boot, describeBoot, describeBoots } from "../starts/boot-summary.ts";
import { boots } from "../starts/boots.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import type { DiskBus } from "../vm/machine-options.ts";
import { parseCount } from "./count.ts";
import { profileOption } from "./profile-option.ts";

interface Options {
  readonly count: number;
  readonly memory: number;
  readonly profile: Profile;
  readonly disk: DiskBus;
}

export function bootsCommand(): Command {
  return new Command("boots")
    .description("boot fresh machines in a row, each to Ready")
    .option("--count <number>", "of machines", parseCount, 20)
    .option("--memory <MiB>", "of each", parseCount, 512)
    .addOption(profileOption())
    .addOption(
      new Option("--disk <bus>", "how the disk is connected")
        .choices(["virtio", "nvme", "usb", "sd"] satisfies DiskBus[])
        .default("virtio"),
    )
    .action(async ({ count, memory, profile, disk }: Options) => {
      const image = await buildAll(profile);
      const qemu = await prepareQemu();
      const results: Boot[] = [];
      const machine = {
        memoryMiB: memory,
        diskBus: disk,
        // What the profile is for.
        networkCard: profile === "hardware" ? "e1000e" : "virtio",
        accelerator: await findAccelerator({ qemu, kernel: image.kernel }, buildPath("accelerator.json")),
      } as const;
      const { diskImage, kubectl } = image;
      const directory = buildPath("test/boots");
      await boots({ count, directory, diskImage, kubectl, qemu, machine }, (boot) => {
        results.push(boot);
        log(describeBoot(boot, results.length, count));
      });
      console.log(describeBoots(`${profile}, ${disk}, ${memory} MB`, results));
      const failed = results.filter((boot) => boot.is === "failed").length;
      if (failed > 0) throw new UserError(`${failed} of ${count} machines did not get Ready`);
    });
}
