// bootcmd and runcmd → one script each, as cloud-init runs them: a `cd` or a variable counts for the lines that follow, and
// a command that fails stops none of them. Pure.
import type { Action } from "../actions.ts";
import type { ConfigCommand } from "../schema/commands.ts";
import type { NodeConfig } from "../schema/schema.ts";

type Run = Extract<Action, { do: "run" }>;

export function decideCommands(config: NodeConfig): Run[] {
  const boot = script(config.bootcmd ?? []);
  const run = script(config.runcmd ?? []);
  return [
    ...(boot === "" ? [] : [action(boot, "bootcmd", "boot", "each-boot")]),
    ...(run === "" ? [] : [action(run, "runcmd", "online", "once")]),
  ];
}

function action(
  command: string,
  origin: string,
  moment: "boot" | "online",
  frequency: "once" | "each-boot",
): Run {
  return { do: "run", moment, frequency, command, origin };
}

function script(commands: readonly ConfigCommand[]): string {
  return commands.flatMap((command) => (command === null ? [] : [line(command)])).join("\n");
}

function line(command: string | readonly string[]): string {
  if (typeof command === "string") return command;
  return command.map((argument) => `'${argument.replace(/'/g, "'\\''")}'`).join(" ");
}
