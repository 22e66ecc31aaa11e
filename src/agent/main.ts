// The agent's command line: a table of what it can be told to do. Exit codes: 0 done, 1 expected failure, 64 usage.

import { configCommand } from "./configuration/config-command.ts";
import { networkCommand } from "./configuration/network-command.ts";
import { runBoot, runNode, runOnline } from "./configuration/parts.ts";
import { status } from "./configuration/status.ts";
import type { Host } from "./host.ts";
import { reset } from "./reset.ts";

export interface AgentCommand {
  readonly description: string;
  /** What follows the command's name, such as "FILE"; "" for nothing. */
  readonly usage: string;
  /** Returns the exit code. */
  readonly run: (host: Host, args: readonly string[]) => number;
}

const agentExit = { done: 0, failed: 1, usage: 64 } as const;

const commands: Readonly<Record<string, AgentCommand>> = {
  config: {
    usage: "check|explain FILE...",
    description: "check a configuration, or say what it would do",
    run: configCommand,
  },
  boot: { usage: "", description: "apply the node's configuration; a stage calls it", run: runBoot },
  online: {
    usage: "",
    description: "the rest of it, when there is a network; init calls it",
    run: runOnline,
  },
  node: { usage: "", description: "what a running Kubernetes takes of it; init calls it", run: runNode },
  status: { usage: "[--json]", description: "what was applied, from where, and what is wrong", run: status },
  reset: { usage: "[--keep-identity] --yes", description: "reboot and forget all state", run: reset },
  network: {
    usage: "guard|plug",
    description: "watch the network, or take a new card into it",
    run: networkCommand,
  },
};

export function runAgent(host: Host, args: readonly string[], version: string): number {
  const [name, ...rest] = args;
  if (name === "--version" || name === "version") {
    host.print("stdout", `kubesolo-os-agent ${version}`);
    return agentExit.done;
  }
  if (name === "--help" || name === "help") {
    host.print("stdout", helpText());
    return agentExit.done;
  }
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (command !== undefined) return command.run(host, rest);
  host.print("stderr", name === undefined ? "no command given" : `unknown command "${name}"`);
  host.print("stderr", helpText());
  return agentExit.usage;
}

function helpText(): string {
  const rows = Object.entries({
    ...commands,
    version: { usage: "", description: "print the agent's version" },
    help: { usage: "", description: "print this" },
  }).map(([name, { usage, description }]) => `  ${`${name} ${usage}`.padEnd(28)} ${description}`);
  return ["usage: kubesolo-os-agent COMMAND", "", ...rows].join("\n");
}
