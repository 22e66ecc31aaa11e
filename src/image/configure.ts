// A node's configuration put into a disk image that is built already: files on its boot partition, where the device looks.
import { readFileSync, statSync } from "node:fs";
import * as v from "valibot";
import { SECTOR_BYTES } from "../disk/layout.ts";
import { UserError } from "../lib/errors.ts";
import { readPart } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import type { PartitionName } from "../release/partitions.ts";

/** docs/boot.md says when it counts. */
const FOLDER = "kubesolo";
const BOOT_PARTITION: PartitionName = "KSOLOEFI";

/** Host paths by NoCloud's names: "user-data", "meta-data", … */
export type ConfigurationFiles = Readonly<Record<string, string>>;

/** What sfdisk(8) prints with --json. */
const Table = v.object({
  partitiontable: v.object({
    sectorsize: v.optional(v.number(), SECTOR_BYTES),
    partitions: v.array(v.object({ name: v.optional(v.string()), start: v.number() })),
  }),
});

/** What other files begin with. */
const OTHERS = [
  { at: 0, mark: "514649fb", is: "a qcow2" },
  { at: 0x8001, mark: Buffer.from("CD001").toString("hex"), is: "an ISO" },
  { at: 0, mark: "28b52ffd", is: "compressed" },
  { at: 0, mark: "1f8b", is: "compressed" },
] as const;

/** Writes the files, which have been checked, and reads them back. What is there is replaced only with `isForced`. */
export async function configureImage(
  image: string,
  files: ConfigurationFiles,
  isForced: boolean,
  tools: Tools,
): Promise<void> {
  checkKind(image);
  const volume = `${image}@@${await bootPartitionOffset(image, tools)}`;
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
  const stat = statSync(image, { throwIfNoEntry: false });
  if (stat === undefined) throw new UserError(`there is no image "${image}"`);
  if (!stat.isFile())
    throw new UserError(`"${image}" is no file`, {
      hint: "configure the image first, or copy the file to kubesolo/user-data on the stick's boot partition, which any system can",
    });
  const start = readPart(image, 0, 0x9000);
  const other = OTHERS.find(
    ({ at, mark }) => start.subarray(at, at + mark.length / 2).toString("hex") === mark,
  );
  if (other !== undefined)
    throw new UserError(`"${image}" is ${other.is}, and no disk image as it is`, {
      hint: "configure the .img file, or build with --config",
    });
}

async function bootPartitionOffset(image: string, tools: Tools): Promise<number> {
  const text = await tools.run(["sfdisk", "--json", image]).catch(() => "{}");
  const table = v.safeParse(Table, JSON.parse(text));
  const { partitions = [], sectorsize = SECTOR_BYTES } = table.success ? table.output.partitiontable : {};
  const found = partitions.find(({ name }) => name === BOOT_PARTITION);
  if (found === undefined)
    throw new UserError(`"${image}" has no partition ${BOOT_PARTITION}: it is no image of KubeSolo OS`);
  return found.start * sectorsize;
}

/** Names in our folder; undefined: there is none. */
async function listFolder(volume: string, tools: Tools): Promise<string[] | undefined> {
  const top = (await tools.run(["mdir", "-b", "-i", volume, "::/"])).split("\n");
  if (!top.includes(`::/${FOLDER}/`)) return undefined;
  const lines = (await tools.run(["mdir", "-b", "-i", volume, `::/${FOLDER}/`])).split("\n");
  return lines.map((line) => line.slice(line.lastIndexOf("/") + 1));
}
