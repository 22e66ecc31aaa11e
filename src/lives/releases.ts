// The releases that lives are told of: good ones in the order of their versions, and of each the same with a fault.
import { basename } from "node:path";
import { addWords, laterBy, makeFaulty, makeLater, makeReleases } from "../vm/update-releases.ts";
import { RELEASES_MAX } from "./choose.ts";

/** Paths below the web server's folder. */
export interface LifeRelease {
  readonly version: string;
  readonly good: string;
  /** Its engine ends with what no other start mends: it is given up as soon as it has run. */
  readonly bad: string;
}

export async function makeLifeReleases(): Promise<LifeRelease[]> {
  const { first, second } = await makeReleases();
  const bundles = [first, second];
  while (bundles.length <= RELEASES_MAX) bundles.push(await makeLater(bundles.length));
  const made: LifeRelease[] = [];
  for (const [number, bundle] of bundles.entries()) {
    const { version } = laterBy(number);
    const name = `bad-${version}`;
    await makeFaulty(name, bundle, version, (folder) => addWords(folder, "kubesolo.flags=--no-such-flag"), 0);
    made.push({ version, good: basename(bundle), bad: `${name}/` });
  }
  return made;
}

/** What the model's "1.2.0" is called. Pure. */
export function nameOnMachines(version: string): { version: string; sequence: number } {
  return laterBy(Number(version.split(".")[1]));
}
