// The kernel's part of inputs/: the modules that a profile asks for.
import { readFileSync } from "node:fs";
import { sourcePath } from "../../lib/paths.ts";
import type { Profile } from "../profile.ts";
import { parseWantedModules, type WantedModules } from "./wanted.ts";

export function readWantedModules(profile: Profile): WantedModules {
  return parseWantedModules(readFileSync(sourcePath("inputs/modules.json"), "utf8"), profile);
}
