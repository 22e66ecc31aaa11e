import { sourcePath } from "./paths.ts";
import { run } from "./run.ts";

/** Of the sources; ends with "-dirty" when they were changed since. */
export async function readSourceCommit(): Promise<string> {
  const describe = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"];
  return (await run(describe, { cwd: sourcePath(), env: { GIT_OPTIONAL_LOCKS: "0" } })).trim();
}
