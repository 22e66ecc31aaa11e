// A stick (FAT) with a bundle on it, as a person makes one.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { releases } from "../../src/vm/update-releases.ts";
import { imageTools } from "./machine-under-test.ts";

export async function makeStick(bundle: string): Promise<string> {
  const image = join(releases, "stick.img");
  rmSync(image, { force: true });
  const { run: tool } = imageTools();
  await tool(["mkfs.vfat", "-C", "-n", "KSOLOUPDATE", image, String(128 * 1024)]);
  await tool(["mcopy", "-i", image, bundle, "::/"]);
  return image;
}
