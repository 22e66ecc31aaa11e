import { Command } from "commander";
import { readInputs, refreshLock } from "../image/debian/packages.ts";
import { type NewerRelease, newerGoModules, newerNpmPackages } from "../image/newer-releases.ts";
import { log, step } from "../lib/log.ts";

const GO_MODULES = [
  "engine",
  "engine/tools",
  "runtime",
  "src/bench/programs",
  "src/conformance/tests",
  "src/kit/operators",
];

export function lockCommand(): Command {
  return new Command("lock")
    .description(
      "lock the newest versions of the Debian packages, print what changed, and which Go modules and npm packages have newer releases",
    )
    .action(async () => {
      const changes = await step("debian packages", () => refreshLock(readInputs()));
      console.log(changes.length === 0 ? "nothing changed" : changes.join("\n"));
      for (const module of GO_MODULES) {
        await tell(`Go modules of ${module}`, () => newerGoModules(module));
      }
      await tell("npm packages", newerNpmPackages);
    });
}

/** Prints newer releases. The lock is written by now: one that can't be asked about is told, and fails nothing. */
async function tell(what: string, ask: () => Promise<NewerRelease[]>): Promise<void> {
  try {
    const newer = await step(what, ask);
    for (const { name, current, newest } of newer) {
      console.log(`newer release, to be raised by hand: ${name} ${current} -> ${newest}`);
    }
  } catch (error) {
    log(`cannot ask for newer ${what}: ${error instanceof Error ? error.message : error}`);
  }
}
