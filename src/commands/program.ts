// All commands of `kubesolo-os`, in the order in which its help lists them.
import { Command } from "commander";
import { setVerbose } from "../lib/log.ts";
import { accessCommand } from "./access.ts";
import { agentCommand } from "./agent.ts";
import { benchBootCommand } from "./bench-boot.ts";
import { benchConfigCommand } from "./bench-config.ts";
import { benchEngineCommand } from "./bench-engine.ts";
import { benchReliabilityCommand } from "./bench-reliability.ts";
import { benchUpdateCommand } from "./bench-update.ts";
import { bootChartCommand } from "./boot-chart.ts";
import { bootsCommand } from "./boots.ts";
import { buildCommand } from "./build.ts";
import { configCommand } from "./config.ts";
import { configureCommand } from "./configure.ts";
import { conformanceCommand } from "./conformance.ts";
import { diffCommand } from "./diff.ts";
import { downCommand } from "./down.ts";
import { engineCommand } from "./engine.ts";
import { explainCommand } from "./explain.ts";
import { faultsCommand } from "./faults.ts";
import { fetchCommand } from "./fetch.ts";
import { flashCommand } from "./flash.ts";
import { fuzzCommand } from "./fuzz.ts";
import { goWorkspaceCommand } from "./go-workspace.ts";
import { inspectCommand } from "./inspect.ts";
import { kernelAuditCommand } from "./kernel-audit.ts";
import { kernelConfigCommand } from "./kernel-config.ts";
import { keysCommand } from "./keys.ts";
import { kitCommand } from "./kit.ts";
import { livesCommand } from "./lives.ts";
import { lockCommand } from "./lock.ts";
import { powerCutCommand } from "./power-cut.ts";
import { publishCommand } from "./publish.ts";
import { releaseCommand } from "./release.ts";
import { sandboxCommand } from "./sandbox.ts";
import { signCommand } from "./sign.ts";
import { simulateCommand } from "./simulate.ts";
import { startsCommand } from "./starts.ts";
import { supportCommand } from "./support.ts";
import { upCommand } from "./up.ts";
import { updateCommand } from "./update.ts";
import { verifyCommand } from "./verify.ts";
import { vmCommand } from "./vm.ts";

export function makeProgram(): Command {
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
    .addCommand(livesCommand())
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
  return program;
}
