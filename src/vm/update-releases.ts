// Releases for machines to be updated with: an image with keys of its own, real bundles, and ones with a fault that only shows when
// they run.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../lib/files.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { type ReleaseManifest, slotFiles } from "../release/release-manifest.ts";

const program = sourcePath("bin/kubesolo-os");
export const releases = buildPath("test/update-releases");
const keys = join(releases, "keys");

/** The image's folder below build. */
export const updatableImage = "image-baked";
const own = JSON.parse(readFileSync(sourcePath("package.json"), "utf8")) as Package;
/** What the second release says of itself: what would follow on these sources. */
export const later = laterBy(1, own);
/** Its version in a regular expression. */
export const laterPattern = later.version.replaceAll(".", "\\.");
export const secondImage = `image-${later.version}-baked`;

/**
 * Builds the image of these sources with its bundle, and the same as a later release; all signed by its keys. Returns their host paths. The keys are
 * those of the last time, so that what was built then is still good. With more options of `build`, `ending` is what they add to folders' names.
 */
export async function makeReleases(
  options: readonly string[] = [],
  ending = "",
): Promise<{ first: string; second: string }> {
  mkdirSync(releases, { recursive: true });
  if (!existsSync(keys)) await run([program, "keys", "create", keys]);
  await build("bundle", "disk", ...options);
  await build("bundle", asRelease(later), ...options);
  const first = await signed(`${updatableImage}${ending}`, `first${ending}.tar`);
  const second = await signed(`${secondImage}${ending}`, `second${ending}.tar`);
  return { first, second };
}

/** Builds the so-many-th release after these sources, when `makeReleases` has made its keys; the host path of its bundle. */
export async function makeLater(number: number): Promise<string> {
  const release = laterBy(number);
  const { version } = release;
  await build("bundle", asRelease(release));
  return signed(`image-${version}-baked`, `${version}.tar`);
}

/** Builds the image that can be made to fail, for the same releases, and returns its folder below build. */
export async function makeFaultsImage(): Promise<string> {
  await build("disk", "--faults");
  return `${updatableImage}-faults`;
}

async function build(...options: string[]): Promise<void> {
  await run([program, "build", `--update-keys=${join(keys, "keys.json")}`, ...options]);
}

function asRelease({ version, sequence }: ReturnType<typeof laterBy>): string {
  return `--as-release=${version}:${sequence}`;
}

/** A folder of `releases` with a channel that has this bundle; its name. */
export async function publishBundle(bundle: string): Promise<string> {
  const name = "published";
  rmSync(join(releases, name), { recursive: true, force: true });
  await run([program, "publish", join(releases, name), bundle, "--keys", keys]);
  return name;
}

async function signed(folder: string, name: string): Promise<string> {
  const output = join(releases, name);
  await sign(buildPath(folder, "kubesolo-os-bundle.tar"), "--output", output);
  return output;
}

export async function sign(what: string, ...options: string[]): Promise<void> {
  await run([program, "sign", what, "--key", join(keys, "release.key"), ...options]);
}

/**
 * A release as loose files in a folder of `releases`, with a fault: `change` alters its files, and what it says of itself follows.
 * It is signed as any other.
 */
export async function makeFaulty(
  name: string,
  bundle: string,
  version: string,
  change: (folder: string) => void | Promise<void>,
  howMuchLater = 1,
): Promise<string> {
  const folder = join(releases, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await run(["tar", "-xf", bundle, "-C", folder]);
  const words = join(folder, "boot.cfg");
  writeFileSync(
    words,
    readFileSync(words, "utf8").replace(/kubesolo\.version=\S+/, `kubesolo.version=${version}`),
  );
  await change(folder);
  const manifest = JSON.parse(readFileSync(join(folder, "release.json"), "utf8")) as ReleaseManifest;
  const files = slotFiles.map((file) => {
    const bytes = readFileSync(join(folder, file));
    return { name: file, size: bytes.length, sha256: sha256(bytes) };
  });
  writeFileSync(
    join(folder, "release.json"),
    JSON.stringify({ ...manifest, version, sequence: manifest.sequence + howMuchLater, files }),
  );
  await sign(folder);
  return folder;
}

/** Puts words on the kernel command line of a release. */
export function addWords(folder: string, words: string): void {
  const file = join(folder, "boot.cfg");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"\n$/, ` ${words}"\n`));
}

interface Package {
  readonly version: string;
  readonly release: { readonly sequence: number };
}

/** Version and sequence of the so-many-th release after these sources; 0: their own. Pure but for these. */
export function laterBy(number: number, { version, release } = own): { version: string; sequence: number } {
  const [major, minor, patch = ""] = version.split(".");
  return {
    version: `${major}.${minor}.${Number.parseInt(patch, 10) + number}`,
    sequence: release.sequence + number,
  };
}
