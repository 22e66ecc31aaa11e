// Downloads all that a build needs; afterwards it needs no network. Whatever is there already is not asked for again.
import { step } from "../lib/log.ts";
import { sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { AGENT_MODULE } from "./agent.ts";
import { makePlan } from "./build.ts";
import { fetchPackages, readInputs, readLock } from "./debian/packages.ts";
import { ENGINE_MODULES } from "./engine.ts";
import { GO_OPTIONS } from "./go-program.ts";
import { LICENCES_MODULE } from "./manifest/go-licences.ts";
import { OUTPUT_NAMES } from "./outputs/outputs.ts";
import type { Profile } from "./profile.ts";

/** Debian packages go into build/cache; Go's modules into Go's own cache, where every build looks for them. */
export async function fetchInputs(profile: Profile): Promise<void> {
  const { groups } = makePlan(OUTPUT_NAMES, profile);
  await step("Debian packages", (say) =>
    fetchPackages(readInputs(), readLock(), [...groups, "signing"], say),
  );
  for (const module of [...ENGINE_MODULES, AGENT_MODULE, LICENCES_MODULE])
    await step(`Go modules of ${module}`, () =>
      run(["go", "mod", "download"], { ...GO_OPTIONS, cwd: sourcePath(module) }),
    );
}
