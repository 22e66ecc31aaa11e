import { Option } from "commander";
import { PROFILES } from "../image/profile.ts";

/** `--profile`, for the commands that make or judge what a profile holds. */
export function profileOption(): Option {
  return new Option("--profile <profile>", "which machines it is for").choices(PROFILES).default("vm");
}
