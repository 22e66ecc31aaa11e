import { Command } from "commander";
import type { Architecture } from "../image/debian/inputs.ts";
import { buildEngine } from "../image/engine.ts";
import { architectureOption } from "./architecture-option.ts";

export function engineCommand(): Command {
  return new Command("engine")
    .description("build the Kubernetes engine and its helper programs, without an image")
    .addOption(architectureOption())
    .action(async ({ arch }: { arch: Architecture }) => console.log(await buildEngine(arch)));
}
