// Sticks (FAT) with an update, as a person makes one.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { releases } from "../../src/vm/update-releases.ts";
import { imageTools } from "./machine-under-test.ts";

/** With a bundle. */
export function makeStick(bundle: string): Promise<string> {
  return makeVolume([bundle]);
}

/** With a release's files. */
export function makeFolderStick(folder: string): Promise<string> {
  return makeVolume(readdirSync(folder).map((name) => join(folder, name)));
}

async function makeVolume(files: readonly string[]): Promise<string> {
  const image = join(releases, "stick.img");
  rmSync(image, { force: true });
  const { run: tool } = imageTools();
  await tool(["mkfs.vfat", "-C", "-n", "KSOLOUPDATE", image, String(128 * 1024)]);
  await tool(["mcopy", "-i", image, ...files, "::/"]);
  return image;
}
