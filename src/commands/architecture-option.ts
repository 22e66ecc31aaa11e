import { Option } from "commander";
import type { Architecture } from "../image/debian/inputs.ts";

/** `--arch`, for the commands that compile programs. */
export function architectureOption(): Option {
  return new Option("--arch <architecture>", "to build for")
    .choices(["amd64", "arm64"] satisfies Architecture[])
    .default("amd64");
}
