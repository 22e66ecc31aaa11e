// A node's configuration put into an image that is built already: files where the device looks for them. Each kind of image has its
// own place for them; whatever fails, the image is as it was, but for a raw disk, which is written in place.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { readFileSum } from "../lib/file-sum.ts";
import { checkSpace, sha256 } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { BOOT_PARTITION, findBootPartition } from "./boot-partition.ts";
import { type ConfigurationFiles, writeIntoFat } from "./configured-fat.ts";
import { writeIntoIso } from "./configured-iso.ts";
import { checkPlain, type DiskFormat, writeAs, writeRaw } from "./disk-formats.ts";
import { hasIsoLabel, type ImageKind, kindNames, readImageFile } from "./image-kind.ts";

type Configure = (image: string, files: ConfigurationFiles, isForced: boolean, tools: Tools) => Promise<void>;

const configurers: Readonly<Record<Exclude<ImageKind, "compressed">, Configure>> = {
  raw: configureRaw,
  iso: configureIso,
  qcow2: configureAs("qcow2"),
  vmdk: configureAs("vmdk"),
  vhd: configureAs("vhd"),
};

/** Writes the files, which have been checked, and reads them back. What is there is replaced only with `isForced`. */
export async function configureImage(...given: Parameters<Configure>): Promise<void> {
  const [image] = given;
  const { kind } = readImageFile(image);
  if (kind === "compressed")
    throw new UserError(`"${image}" is ${kindNames[kind]}`, { hint: "unpack it first" });
  await configurers[kind](...given);
}

async function configureRaw(...[image, files, isForced, tools]: Parameters<Configure>): Promise<void> {
  const offset = await findBootPartition(image, tools);
  if (offset === undefined)
    throw new UserError(`"${image}" has no partition ${BOOT_PARTITION}: it is no image of KubeSolo OS`);
  await writeIntoFat({ image, volume: `${image}@@${offset}` }, files, isForced, tools);
}

async function configureIso(...[image, files, isForced, tools]: Parameters<Configure>): Promise<void> {
  if (!hasIsoLabel(image)) throw new UserError(`"${image}" is no ISO of KubeSolo OS`);
  await inFolderBeside(image, statSync(image).size, (folder) =>
    writeIntoIso({ image, folder }, files, isForced, tools),
  );
}

/** The disk is unpacked, configured and packed again. */
function configureAs(format: DiskFormat): Configure {
  return async (image, files, isForced, tools) => {
    const sizeBytes = await checkPlain(format, image, tools);
    await inFolderBeside(image, sizeBytes, async (folder) => {
      const raw = join(folder, "disk.img");
      await writeRaw(format, image, raw, tools);
      await configureRaw(raw, files, isForced, tools).catch((error: unknown) => {
        throw error instanceof UserError ? namedAs(error, raw, image) : error;
      });
      const sums = await Promise.all(Object.values(files).map(readFileSum));
      await writeAs(format, raw, image, tools, sha256(JSON.stringify(sums)));
    });
  };
}

function namedAs(error: UserError, raw: string, image: string): UserError {
  const { hint } = error;
  return new UserError(error.message.replaceAll(raw, image), {
    cause: error.cause,
    ...(hint !== undefined && { hint }),
  });
}

/** A folder on the image's own file system, so that what is made there can take its place. */
async function inFolderBeside(
  image: string,
  neededBytes: number,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(image);
  checkSpace(parent, neededBytes);
  const folder = mkdtempSync(join(parent, ".configure-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
