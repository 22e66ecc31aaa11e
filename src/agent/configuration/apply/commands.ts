// bootcmd and runcmd. What they print goes where cloud-init's users look for it.
import type { Action } from "../../cloud-init/actions.ts";
import { attempt } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";
import { doOnce, type InstanceNotes } from "./instance.ts";

type Run = Extract<Action, { do: "run" }>;

/** A boot waits for bootcmd, all of them together; for runcmd nobody does. */
const LIMITS_MS = { boot: 20_000, online: 3_600_000 };

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

/** Runs it unless it ran before in the life of this instance. A command that fails isn't run again, as cloud-init has it. */
export function runCommand(host: Host, action: Run, notes: InstanceNotes, id: string): readonly string[] {
  // It may change what was written, or never come back.
  notes.flush();
  if (action.frequency === "each-boot") return run(host, action, id);
  let problems: readonly string[] = [];
  doOnce(notes, action.origin, () => {
    problems = run(host, action, id);
  });
  return problems;
}

/** One that can't be started has failed like any other. */
function run(host: Host, action: Run, id: string): readonly string[] {
  return attempt(action.origin, () => runWords(host, action, id));
}

function runWords(host: Host, { command, origin, moment }: Run, id: string): readonly string[] {
  const words = typeof command === "string" ? ["sh", "-c", command] : command;
  // As cloud-init has it: bootcmd may ask for the instance, and people's own programs are found.
  const env = { PATH, ...(origin === "bootcmd" && { INSTANCE_ID: id }) };
  const result = host.run(words, { timeoutMs: LIMITS_MS[moment], outputPath: places.commandOutput, env });
  if (result.isTimedOut) return [`${origin}: took more than ${LIMITS_MS[moment] / 1000} s and was ended`];
  if (result.exitCode === 0) return [];
  return [`${origin}: ended with exit code ${result.exitCode}; ${places.commandOutput} has what it said`];
}
