// The licences of linked Go modules, by the factory's own program golicences; asked once for the same modules.
import { join } from "node:path";
import * as v from "valibot";
import { replaceFile, sha256 } from "../../lib/files.ts";
import { buildPath } from "../../lib/paths.ts";
import { run } from "../../lib/run.ts";
import { buildGoProgram, GO_OPTIONS } from "../go-program.ts";
import { digestFactory, makeOnce } from "../once.ts";
import { cacheFolder, type LinkedModule, STANDARD_LIBRARY } from "./go-modules.ts";

export const LICENCES_MODULE = "src/image/manifest/golicences";

const Licences = v.array(v.array(v.string()));

/** Go's own licence, whose file isn't everywhere where Go is. */
const LIBRARY_LICENCE = "BSD-3-Clause";

/** SPDX identifiers for each module, in the same order; none for a text that isn't known. */
export async function readGoLicences(modules: readonly LinkedModule[]): Promise<string[][]> {
  const fetched = modules.filter(({ path }) => path !== STANDARD_LIBRARY);
  const file = buildPath("cache/go-licences.json");
  const found = await makeOnce(file, digestOf(fetched), Licences, async () => {
    const licences = await askProgram(fetched);
    replaceFile(file, JSON.stringify(licences));
    return licences;
  });
  const known = new Map(fetched.map((module, index) => [module, found[index] ?? []]));
  return modules.map((module) => known.get(module) ?? [LIBRARY_LICENCE]);
}

function digestOf(modules: readonly LinkedModule[]): string {
  return sha256(JSON.stringify([digestFactory(), modules.map(({ path, version }) => [path, version])]));
}

/** Modules are read where Go keeps them: all that is linked is there. */
async function askProgram(modules: readonly LinkedModule[]): Promise<string[][]> {
  await buildGoProgram({ name: "golicences", module: LICENCES_MODULE, package: "." }, buildPath("tools"));
  const cache = (await run(["go", "env", "GOMODCACHE"], GO_OPTIONS)).trim();
  const folders = modules.map((module) => `${join(cache, cacheFolder(module))}\n`);
  const printed = await run([buildPath("tools/golicences")], { input: folders.join("") });
  return v.parse(v.pipe(Licences, v.length(modules.length)), JSON.parse(printed));
}
