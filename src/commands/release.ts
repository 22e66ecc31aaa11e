import { Command } from "commander";
import { log } from "../lib/log.ts";
import { sourcePath } from "../lib/paths.ts";
import { release } from "../releasing/release.ts";

const NOTES = `
package.json and its lock get the version, and package.json the next sequence; what stands below "Unreleased" in CHANGELOG.md gets
the number and the date. Then they are committed, and the commit gets an annotated tag. Nothing is pushed, nothing is built.
All that is wrong is told at once, and then nothing is changed.`;

export function releaseCommand(): Command {
  return new Command("release")
    .description("make these sources a release: version, changelog, commit and tag")
    .argument("<version>", "a later one than the last, such as 1.2.3")
    .option("--dry-run", "only check, and print what the tag would say", false)
    .addHelpText("after", NOTES)
    .action(async (version: string, { dryRun: isDryRun }: { dryRun: boolean }) => {
      const date = new Date().toISOString().slice(0, 10);
      const { tag, sequence, message } = await release(sourcePath(), { version, date, isDryRun });
      const done = isDryRun ? "nothing was changed; it would be" : "committed and tagged:";
      log(`${done} ${tag}, sequence ${sequence}`);
      process.stdout.write(message);
    });
}
