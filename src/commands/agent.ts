import { Command } from "commander";
import { buildAgent } from "../image/agent.ts";
import type { Architecture } from "../image/debian/inputs.ts";
import { architectureOption } from "./architecture-option.ts";

export function agentCommand(): Command {
  return new Command("agent")
    .description("build the agent, without an image")
    .addOption(architectureOption())
    .action(async ({ arch }: { arch: Architecture }) => console.log((await buildAgent(arch)).folder));
}
