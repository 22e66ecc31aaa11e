// What ends a command in an orderly way, as a person reads it.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { isTold, UpdateFailure } from "./failure.ts";

export type Run = (host: Host, line: CommandLine) => Outcome;

export function told(work: Run): Run {
  return (host, line) => {
    try {
      return work(host, line);
    } catch (error) {
      if (!isTold(error)) throw error;
      host.print("stderr", error.message);
      if (error instanceof UpdateFailure && error.hint !== undefined)
        host.print("stderr", `hint: ${error.hint}`);
      return exitCode.failed;
    }
  };
}
