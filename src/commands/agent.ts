import { Command, Option } from "commander";
import { buildAgent } from "../image/agent.ts";
import type { Architecture } from "../image/debian/inputs.ts";

export function agentCommand(): Command {
  return new Command("agent")
    .description("build the agent, without an image")
    .addOption(
      new Option("--arch <architecture>", "to build for")
        .choices(["amd64", "arm64"] satisfies Architecture[])
        .default("amd64"),
    )
    .action(async ({ arch }: { arch: Architecture }) => console.log(await buildAgent(arch)));
}
