// kubesolo-os: the factory's command line. The only file of the factory that may exit.
import { Command, CommanderError } from "commander";
import { buildCommand } from "./commands/build.ts";
import { downCommand } from "./commands/down.ts";
import { lockCommand } from "./commands/lock.ts";
import { upCommand } from "./commands/up.ts";
import { describeError, UserError } from "./lib/errors.ts";
import { log, setVerbose } from "./lib/log.ts";

const EXIT = { done: 0, failed: 1, usage: 64, bug: 70 };

const program = new Command("kubesolo-os")
  .description("builds KubeSolo OS images and boots them")
  .option("-v, --verbose", "print what every program prints")
  .hook("preAction", (command) => setVerbose(command.opts()["verbose"] === true))
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(buildCommand())
  .addCommand(lockCommand())
  .exitOverride();

for (const command of program.commands) command.exitOverride();

async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    log(describeError(error));
    return error instanceof UserError ? EXIT.failed : EXIT.bug;
  }
}

process.exitCode = await main();
