// kubesolo-os: the factory's command line. The only file of the factory that may exit.
import { Command, CommanderError } from "commander";
import { accessCommand } from "./commands/access.ts";
import { agentCommand } from "./commands/agent.ts";
import { benchBootCommand } from "./commands/bench-boot.ts";
import { benchConfigCommand } from "./commands/bench-config.ts";
import { benchEngineCommand } from "./commands/bench-engine.ts";
import { benchReliabilityCommand } from "./commands/bench-reliability.ts";
import { benchUpdateCommand } from "./commands/bench-update.ts";
import { bootChartCommand } from "./commands/boot-chart.ts";
import { bootsCommand } from "./commands/boots.ts";
import { buildCommand } from "./commands/build.ts";
import { configCommand } from "./commands/config.ts";
import { configureCommand } from "./commands/configure.ts";
import { conformanceCommand } from "./commands/conformance.ts";
import { diffCommand } from "./commands/diff.ts";
import { downCommand } from "./commands/down.ts";
import { engineCommand } from "./commands/engine.ts";
import { explainCommand } from "./commands/explain.ts";
import { faultsCommand } from "./commands/faults.ts";
import { fetchCommand } from "./commands/fetch.ts";
import { flashCommand } from "./commands/flash.ts";
import { fuzzCommand } from "./commands/fuzz.ts";
import { goWorkspaceCommand } from "./commands/go-workspace.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { kernelAuditCommand } from "./commands/kernel-audit.ts";
import { kernelConfigCommand } from "./commands/kernel-config.ts";
import { keysCommand } from "./commands/keys.ts";
import { kitCommand } from "./commands/kit.ts";
import { lockCommand } from "./commands/lock.ts";
import { powerCutCommand } from "./commands/power-cut.ts";
import { publishCommand } from "./commands/publish.ts";
import { releaseCommand } from "./commands/release.ts";
import { sandboxCommand } from "./commands/sandbox.ts";
import { signCommand } from "./commands/sign.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { startsCommand } from "./commands/starts.ts";
import { supportCommand } from "./commands/support.ts";
import { upCommand } from "./commands/up.ts";
import { updateCommand } from "./commands/update.ts";
import { verifyCommand } from "./commands/verify.ts";
import { vmCommand } from "./commands/vm.ts";
import { describeError, errorCode, UserError } from "./lib/errors.ts";
import { log, setVerbose } from "./lib/log.ts";

const EXIT = { done: 0, failed: 1, usage: 64, bug: 70 };

const program = new Command("kubesolo-os")
  .description("builds KubeSolo OS images and boots them")
  .option("-v, --verbose", "print what every program prints")
  .hook("preAction", (command) => setVerbose(command.opts()["verbose"] === true))
  .addCommand(upCommand())
  .addCommand(vmCommand())
  .addCommand(updateCommand())
  .addCommand(downCommand())
  .addCommand(bootChartCommand())
  .addCommand(buildCommand())
  .addCommand(flashCommand())
  .addCommand(accessCommand())
  .addCommand(supportCommand())
  .addCommand(explainCommand())
  .addCommand(keysCommand())
  .addCommand(signCommand())
  .addCommand(verifyCommand())
  .addCommand(publishCommand())
  .addCommand(inspectCommand())
  .addCommand(diffCommand())
  .addCommand(fetchCommand())
  .addCommand(kitCommand())
  .addCommand(engineCommand())
  .addCommand(agentCommand())
  .addCommand(faultsCommand())
  .addCommand(kernelAuditCommand())
  .addCommand(kernelConfigCommand())
  .addCommand(goWorkspaceCommand())
  .addCommand(lockCommand())
  .addCommand(releaseCommand())
  .addCommand(sandboxCommand())
  .addCommand(startsCommand())
  .addCommand(bootsCommand())
  .addCommand(powerCutCommand())
  .addCommand(conformanceCommand())
  .addCommand(configCommand())
  .addCommand(configureCommand())
  .addCommand(fuzzCommand())
  .addCommand(simulateCommand())
  .addCommand(benchEngineCommand())
  .addCommand(benchConfigCommand())
  .addCommand(benchBootCommand())
  .addCommand(benchUpdateCommand())
  .addCommand(benchReliabilityCommand())
  .exitOverride();

for (const command of program.commands)
  for (const each of [command, ...command.commands]) each.exitOverride();

async function main(): Promise<number> {
  try {
    await program.parseAsync();
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
