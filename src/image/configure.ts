// A node's configuration put into a disk image that is built already: files on its boot partition, where the device looks.
import { readFileSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { BOOT_PARTITION, findBootPartition } from "./boot-partition.ts";
import { kindNames, readImageFile } from "./image-kind.ts";

/** docs/boot.md says when it counts. */
const FOLDER = "kubesolo";

/** Host paths by NoCloud's names: "user-data", "meta-data", … */
export type ConfigurationFiles = Readonly<Record<string, string>>;

/** Writes the files, which have been checked, and reads them back. What is there is replaced only with `isForced`. */
export async function configureImage(
  image: string,
  files: ConfigurationFiles,
  isForced: boolean,
  tools: Tools,
): Promise<void> {
  checkKind(image);
  const volume = `${image}@@${await bootPartitionOf(image, tools)}`;
  const present = await listFolder(volume, tools);
  const names = Object.keys(files);
  const known = names.filter((name) => present?.includes(name));
  if (known.length > 0 && !isForced)
    throw new UserError(`"${image}" has a configuration already: ${known.join(", ")}`, {
      hint: "--force replaces it",
    });
  if (present === undefined) await tools.run(["mmd", "-i", volume, `::/${FOLDER}`]);
  for (const name of names) {
    const place = `::/${FOLDER}/${name}`;
    await tools.run(["mcopy", "-o", "-i", volume, files[name] as string, place]);
    if ((await tools.run(["mtype", "-i", volume, place])) !== readFileSync(files[name] as string, "utf8"))
      throw new UserError(`"${image}" doesn't hold what was written`, {
        hint: "is the disk sound that it is on?",
      });
  }
}

function checkKind(image: string): void {
  const { kind } = readImageFile(image);
  if (kind !== "raw")
    throw new UserError(`"${image}" is ${kindNames[kind]}, and no disk image as it is`, {
      hint: "configure the .img file, or build with --config",
    });
}

async function bootPartitionOf(image: string, tools: Tools): Promise<number> {
  const offset = await findBootPartition(image, tools);
  if (offset === undefined)
    throw new UserError(`"${image}" has no partition ${BOOT_PARTITION}: it is no image of KubeSolo OS`);
  return offset;
}

/** Names in our folder; undefined: there is none. */
async function listFolder(volume: string, tools: Tools): Promise<string[] | undefined> {
  const top = (await tools.run(["mdir", "-b", "-i", volume, "::/"])).split("\n");
  if (!top.includes(`::/${FOLDER}/`)) return undefined;
  const lines = (await tools.run(["mdir", "-b", "-i", volume, `::/${FOLDER}/`])).split("\n");
  return lines.map((line) => line.slice(line.lastIndexOf("/") + 1));
}
