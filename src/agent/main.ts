// The agent's command line: a table of what it can be told to do.
import { type AgentCommand, commandHelp, parseCommandLine } from "./command.ts";
import { configCommand } from "./configuration/config-command.ts";
import { networkCommand } from "./configuration/network-command.ts";
import { runBoot, runNode, runOnline } from "./configuration/parts.ts";
import { status } from "./configuration/status.ts";
import { screenCommand } from "./console/screen-command.ts";
import { exitCode } from "./exit-code.ts";
import type { Host } from "./host.ts";
import { installCommand } from "./install/install-command.ts";
import { accountsCommand } from "./login/accounts-command.ts";
import { metricsCommand } from "./metrics/metrics-command.ts";
import { reset } from "./reset.ts";
import { supportCommand } from "./support/support-command.ts";
import {
  activateCommand,
  applyCommand,
  checkCommand,
  confirmCommand,
  historyCommand,
  rollbackCommand,
  updateCommand,
} from "./update/commands.ts";
import { insistenceOptions, rebootOption, scheduleOption } from "./update/options.ts";
import { trialCommand } from "./update/trial-command.ts";

const BUNDLE = "[FILE|FOLDER|URL]";

const commands: Readonly<Record<string, AgentCommand>> = {
  config: {
    usage: "check|explain FILE...",
    description: "Checks a configuration, or says what it would do; changes nothing.",
    options: {
      "--json": "as JSON; what explain prints then has secrets in it",
      "--strict": "take warnings for errors: all that the file asks for must be done",
    },
    run: configCommand,
  },
  boot: { usage: "", description: "Applies the node's configuration; a stage calls it.", run: runBoot },
  online: {
    usage: "",
    description: "The rest of it, when there is a network; init calls it.",
    run: runOnline,
  },
  node: {
    usage: "",
    description: "What a running Kubernetes takes of it, and hears of updates; init calls it.",
    run: runNode,
  },
  status: {
    usage: "",
    description: "Says what was applied, from where, and what is wrong.",
    options: { "--json": "as JSON" },
    run: status,
  },
  reset: {
    usage: "",
    description:
      "Reboots and deletes all state: the cluster, its images and volumes, logs, the node's configuration.",
    options: {
      "--keep-identity": "keeps the machine's id, its name and its configuration",
      "--yes": "really",
    },
    run: reset,
  },
  check: {
    usage: BUNDLE,
    description: "Says whether a release may be installed here, or every reason why not; changes nothing.",
    options: insistenceOptions,
    run: checkCommand,
  },
  apply: {
    usage: BUNDLE,
    description: "Writes a release into the slot that doesn't run, and reads it back.",
    options: insistenceOptions,
    run: applyCommand,
  },
  activate: {
    usage: "",
    description:
      "Puts what apply wrote on trial: the next boot starts it, and it has to show that it is healthy.",
    options: rebootOption,
    run: activateCommand,
  },
  update: {
    usage: BUNDLE,
    description: "All of it: check, apply, activate, and a restart.",
    options: { ...insistenceOptions, ...scheduleOption },
    run: updateCommand,
  },
  confirm: {
    usage: "",
    description: "Ends the trial of the running system, well; it does so itself when it is healthy.",
    run: confirmCommand,
  },
  rollback: {
    usage: "",
    description:
      "Has the next boot start the other slot, if it verifies; or calls an update off that waits for it.",
    options: { ...rebootOption, "--again": "though it failed here before" },
    run: rollbackCommand,
  },
  history: {
    usage: "",
    description: "Says what updates were made here, and what became of them.",
    options: { "--json": "as JSON" },
    run: historyCommand,
  },
  install: {
    usage: "[DISK]",
    description:
      "Started from the ISO: puts the system onto a disk of this machine; by kubesolo.install of the node's configuration, unless one is named.",
    options: {
      "--list": "says which disks there are, or whether this one can be taken; changes nothing",
      "--erase": "though the disk holds something",
      "--poweroff": "has the machine powered off at its end, instead of a reboot",
    },
    run: installCommand,
  },
  support: {
    usage: "[FILE]",
    description:
      "Puts all into an archive that tells what is wrong with this machine, without what is secret: /run/kubesolo-os/support.tar.gz, unless a file is named.",
    options: {
      "--stick": "onto each stick KSOLOHELP that was plugged in since, instead; init calls it",
    },
    run: supportCommand,
  },
  metrics: {
    usage: "",
    description: "Writes down what Prometheus reads of the system; init calls it.",
    run: metricsCommand,
  },
  trial: {
    usage: "prepare|watch|leave",
    description:
      "Keeps the cluster's state, settles what the last update came to, and watches one on trial; init calls it.",
    run: trialCommand,
  },
  screen: {
    usage: "FILE",
    description:
      "Lays the console's status out for a screen, with a QR code of how to get in; init calls it.",
    options: { "--below": "the code below the text, for a terminal that scrolls" },
    run: screenCommand,
  },
  accounts: {
    usage: "",
    description: "Makes the accounts of an image with SSH; init calls it.",
    run: accountsCommand,
  },
  network: {
    usage: "guard|plug",
    description: "Watches a network on trial, or takes a new card into it; init calls it.",
    run: networkCommand,
  },
};

/** Runs one command; the exit code. */
export function runAgent(host: Host, args: readonly string[], version: string): number {
  const [name, ...rest] = args;
  if (name === "--version" || name === "version") {
    host.print("stdout", `kubesolo-os-agent ${version}`);
    return exitCode.done;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    host.print("stdout", agentHelp());
    return exitCode.done;
  }
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (name === undefined || command === undefined) {
    host.print("stderr", name === undefined ? "no command given" : `unknown command "${name}"`);
    host.print("stderr", agentHelp());
    return exitCode.usage;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    host.print("stdout", commandHelp(name, command));
    return exitCode.done;
  }
  const line = parseCommandLine(command, rest);
  const outcome = "mistake" in line ? line : command.run(host, line);
  if (typeof outcome === "number") return outcome;
  host.print("stderr", outcome.mistake);
  host.print("stderr", commandHelp(name, command));
  return exitCode.usage;
}

function agentHelp(): string {
  const rows = Object.entries({
    ...commands,
    version: { usage: "", description: "Prints the agent's version." },
    help: { usage: "", description: "Prints this; COMMAND --help has a command's options." },
  }).map(([name, { usage, description }]) => `  ${`${name} ${usage}`.padEnd(28)} ${description}`);
  return ["usage: kubesolo-os-agent COMMAND", "", ...rows].join("\n");
}
