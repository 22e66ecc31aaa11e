// The files of a configuration on a FAT file system, by mtools.
import { readFileSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import type { Tools } from "../lib/locked-tools.ts";

/** Where the device looks; docs/boot.md says when it counts. */
export const CONFIGURATION_FOLDER = "kubesolo";

/** Host paths by NoCloud's names: "user-data", "meta-data", … */
export type ConfigurationFiles = Readonly<Record<string, string>>;

interface FatVolume {
  readonly image: string;
  /** As mtools name it: "FILE@@OFFSET". */
  readonly volume: string;
}

export async function writeIntoFat(
  { image, volume }: FatVolume,
  files: ConfigurationFiles,
  isForced: boolean,
  tools: Tools,
): Promise<void> {
  const present = await listFolder(volume, tools);
  checkPresent(image, present ?? [], files, isForced);
  if (present === undefined) await tools.run(["mmd", "-i", volume, `::/${CONFIGURATION_FOLDER}`]);
  for (const [name, path] of Object.entries(files)) {
    const place = `::/${CONFIGURATION_FOLDER}/${name}`;
    await tools.run(["mcopy", "-o", "-i", volume, path, place]);
    checkWritten(image, path, await tools.run(["mtype", "-i", volume, place]));
  }
}

/** Throws when one would be replaced, unless that is asked for. */
export function checkPresent(
  image: string,
  present: readonly string[],
  files: ConfigurationFiles,
  isForced: boolean,
): void {
  const known = Object.keys(files).filter((name) => present.includes(name));
  if (known.length > 0 && !isForced)
    throw new UserError(`"${image}" has a configuration already: ${known.join(", ")}`, {
      hint: "--force replaces it",
    });
}

export function checkWritten(image: string, path: string, found: string): void {
  if (found === readFileSync(path, "utf8")) return;
  throw new UserError(`"${image}" doesn't hold what was written`, {
    hint: "is the disk sound that it is on?",
  });
}

/** Names in our folder; undefined: there is none. */
async function listFolder(volume: string, tools: Tools): Promise<string[] | undefined> {
  const top = (await tools.run(["mdir", "-b", "-i", volume, "::/"])).split("\n");
  if (!top.includes(`::/${CONFIGURATION_FOLDER}/`)) return undefined;
  const lines = (await tools.run(["mdir", "-b", "-i", volume, `::/${CONFIGURATION_FOLDER}/`])).split("\n");
  return lines.map((line) => line.slice(line.lastIndexOf("/") + 1));
}
