// The files of a configuration on the ISO itself, by xorriso: it is written anew, with all that it starts by.
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Tools } from "../lib/locked-tools.ts";
import {
  CONFIGURATION_FOLDER,
  type ConfigurationFiles,
  checkPresent,
  checkWritten,
} from "./configured-fat.ts";

/** Host paths; what is made lies in the folder until it takes the image's place. */
interface IsoWork {
  readonly image: string;
  readonly folder: string;
}

export async function writeIntoIso(
  { image, folder }: IsoWork,
  files: ConfigurationFiles,
  isForced: boolean,
  tools: Tools,
): Promise<void> {
  checkPresent(image, await listFolder(image, tools), files, isForced);
  const made = join(folder, "new.iso");
  const mapped = Object.entries(files).flatMap(([name, path]) => ["-map", path, isoPath(name)]);
  await tools.run([
    ...["xorriso", "-no_rc", "-report_about", "SORRY"],
    ...["-indev", image, "-outdev", made],
    ...["-boot_image", "any", "replay"],
    ...mapped,
  ]);
  for (const [name, path] of Object.entries(files)) {
    const copy = join(folder, name);
    await tools.run(["xorriso", "-no_rc", "-osirrox", "on", "-indev", made, "-extract", isoPath(name), copy]);
    checkWritten(image, path, readFileSync(copy, "utf8"));
  }
  renameSync(made, image);
}

async function listFolder(image: string, tools: Tools): Promise<string[]> {
  const find = ["-find", "/", "-maxdepth", "2", "-type", "f"];
  const found = await tools.run(["xorriso", "-no_rc", "-indev", image, ...find]);
  const prefix = `'${isoPath("")}`;
  return found
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length, -1));
}

function isoPath(name: string): string {
  return `/${CONFIGURATION_FOLDER}/${name}`;
}
