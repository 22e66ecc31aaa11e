// kubesolo-os: the factory's command line. The only file of the factory that may exit.
import { CommanderError } from "commander";
import { makeProgram } from "./commands/program.ts";
import { describeError, errorCode, UserError } from "./lib/errors.ts";
import { log } from "./lib/log.ts";

const EXIT = { done: 0, failed: 1, usage: 64, bug: 70 };

async function main(): Promise<number> {
  try {
    await makeProgram().parseAsync();
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    log(describeError(asUserError(error)));
    return asUserError(error) instanceof UserError ? EXIT.failed : EXIT.bug;
  }
}

/** A full disk can show anywhere, and is nobody's bug. */
function asUserError(error: unknown): unknown {
  if (errorCode(error) !== "ENOSPC") return error;
  return new UserError("the disk is full", {
    cause: error,
    hint: "free some space; `make clean` removes all that was built",
  });
}

process.exitCode = await main();
