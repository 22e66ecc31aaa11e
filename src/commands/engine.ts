import { Command, Option } from "commander";
import type { Architecture } from "../image/debian/inputs.ts";
import { buildEngine } from "../image/engine.ts";

export function engineCommand(): Command {
  return new Command("engine")
    .description("build the Kubernetes engine and its helper programs, without an image")
    .addOption(
      new Option("--arch <architecture>", "to build for")
        .choices(["amd64", "arm64"] satisfies Architecture[])
        .default("amd64"),
    )
    .action(async ({ arch }: { arch: Architecture }) => console.log(await buildEngine(arch)));
}
