// The kernel's part of inputs/: the modules and the options that a profile asks for.
import { readFileSync } from "node:fs";
import { sourcePath } from "../../lib/paths.ts";
import type { Profile } from "../profile.ts";
import { parseRequirements, type Requirement } from "./requirements.ts";
import { type Extra, parseWantedModules, type WantedModules } from "./wanted.ts";

export function readWantedModules(profile: Profile, extras: readonly Extra[] = []): WantedModules {
  return parseWantedModules(readFileSync(sourcePath("inputs/modules.json"), "utf8"), profile, extras);
}

export function readRequirements(profile: Profile): Requirement[] {
  return parseRequirements(readFileSync(sourcePath("inputs/kernel-options.json"), "utf8"), profile);
}
