import { Command } from "commander";
import { fetchInputs } from "../image/fetch.ts";
import type { Profile } from "../image/profile.ts";
import { fetchKit } from "../kit/kit.ts";
import { profileOption } from "./profile-option.ts";

export function fetchCommand(): Command {
  return new Command("fetch")
    .description(
      "download all that builds and tests need, so that they work without a network; again: the rest",
    )
    .addOption(profileOption())
    .action(async ({ profile }: { profile: Profile }) => {
      await fetchInputs(profile);
      await fetchKit();
    });
}
