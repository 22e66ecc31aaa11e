import { Command } from "commander";
import { readInputs, refreshLock } from "../image/debian/packages.ts";
import { step } from "../lib/log.ts";

export function lockCommand(): Command {
  return new Command("lock")
    .description("lock the newest versions of the Debian packages and print what changed")
    .action(async () => {
      const changes = await step("debian packages", () => refreshLock(readInputs()));
      console.log(changes.length === 0 ? "nothing changed" : changes.join("\n"));
    });
}
