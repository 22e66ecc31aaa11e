import { Argument, Command } from "commander";
import { build, makePlan } from "../image/build.ts";
import { OUTPUT_NAMES, outputs } from "../image/outputs/outputs.ts";
import { describePlan, TARGETS, type Target } from "../image/plan.ts";
import type { Profile } from "../image/profile.ts";
import { profileOption } from "./profile-option.ts";

interface Options {
  readonly profile: Profile;
  readonly plan: boolean;
}

export function buildCommand(): Command {
  return new Command("build")
    .description("build what is bootable, and print where it is")
    .addArgument(new Argument("[output...]", "what to build").choices([...TARGETS, "all"]).default(["disk"]))
    .addOption(profileOption())
    .option("--plan", "print what would be made, and make nothing", false)
    .addHelpText("after", `\n${outputList()}`)
    .action(async (names: (Target | "all")[], { profile, plan: isPlanOnly }: Options) => {
      const targets = names.flatMap((name) => (name === "all" ? OUTPUT_NAMES : [name]));
      const plan = makePlan(targets, profile);
      if (isPlanOnly) console.log(describePlan(plan));
      else console.log((await build(plan)).files.join("\n"));
    });
}

function outputList(): string {
  const rows = OUTPUT_NAMES.map((name) => `  ${name.padEnd(10)} ${outputs[name].what}`);
  return ["Outputs:", ...rows, "  all        all of these", "Parts of them: rootfs, initramfs"].join("\n");
}
