// Releases for machines to be updated with: an image with keys of its own, real bundles, and ones with a fault that only shows when
// they run.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../src/lib/files.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { type ReleaseManifest, slotFiles } from "../../src/release/release-manifest.ts";
import { imageTools } from "./machine-under-test.ts";

const program = sourcePath("bin/kubesolo-os");
export const releases = buildPath("test/update-releases");
const keys = join(releases, "keys");

/** The image's folder below build. */
export const updatableImage = "image-baked";

/** Builds the image of 0.1.0 with its bundle, and the bundle of 0.1.1; all signed by its keys. Returns their host paths. */
export async function makeReleases(): Promise<{ first: string; second: string }> {
  rmSync(releases, { recursive: true, force: true });
  mkdirSync(releases, { recursive: true });
  await run([program, "keys", "create", keys]);
  const build = [program, "build", "bundle", `--update-keys=${join(keys, "keys.json")}`];
  await run([...build, "disk"]);
  await run([...build, "--as-release=0.1.1:2"]);
  const first = await signed("image-baked", "first.tar");
  const second = await signed("image-0.1.1-baked", "second.tar");
  return { first, second };
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
  change: (folder: string) => void,
): Promise<string> {
  const folder = join(releases, name);
  mkdirSync(folder);
  await run(["tar", "-xf", bundle, "-C", folder]);
  change(folder);
  const manifest = JSON.parse(readFileSync(join(folder, "release.json"), "utf8")) as ReleaseManifest;
  const files = slotFiles.map((file) => {
    const bytes = readFileSync(join(folder, file));
    return { name: file, size: bytes.length, sha256: sha256(bytes) };
  });
  writeFileSync(
    join(folder, "release.json"),
    JSON.stringify({ ...manifest, version, sequence: manifest.sequence + 1, files }),
  );
  await sign(folder);
  return folder;
}

/** Puts words on the kernel command line of a release. */
export function addWords(folder: string, words: string): void {
  const file = join(folder, "boot.cfg");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"\n$/, ` ${words}"\n`));
}

/** A stick (FAT) with a bundle on it, as a person makes one. */
export async function makeStick(bundle: string): Promise<string> {
  const image = join(releases, "stick.img");
  const { run: tool } = imageTools();
  await tool(["mkfs.vfat", "-C", "-n", "KSOLOUPDATE", image, String(128 * 1024)]);
  await tool(["mcopy", "-i", image, bundle, "::/"]);
  return image;
}
