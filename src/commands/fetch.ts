import { Command } from "commander";
import { fetchInputs } from "../image/fetch.ts";
import type { Profile } from "../image/profile.ts";
import { profileOption } from "./profile-option.ts";

export function fetchCommand(): Command {
  return new Command("fetch")
    .description("download all that a build needs, so that it works without a network; again: the rest")
    .addOption(profileOption())
    .action(({ profile }: { profile: Profile }) => fetchInputs(profile));
}
