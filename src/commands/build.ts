import { Command } from "commander";
import { buildAll } from "../image/build.ts";
import type { Profile } from "../image/profile.ts";
import { profileOption } from "./profile-option.ts";

export function buildCommand(): Command {
  return new Command("build")
    .description("build the bootable disk image")
    .addOption(profileOption())
    .action(async ({ profile }: { profile: Profile }) => {
      const built = await buildAll(profile);
      console.log(built.diskImage);
    });
}
