// The machine's own disk: a copy of the built image whose data outlives new images.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type BuiltImage, BuiltImageSchema } from "../lib/built.ts";
import { errorCode, UserError } from "../lib/errors.ts";
import { checkSpace, replaceFile } from "../lib/files.ts";
import { log, step } from "../lib/log.ts";
import { run } from "../lib/run.ts";
import { type DiskPlan, type DiskRecord, planDisk } from "./disk-plan.ts";

const Origin = v.pick(BuiltImageSchema, ["imageId", "version", "dataOffsetBytes", "kubectl"]);
const DiskRecordSchema = v.object({ ...Origin.entries, sizeBytes: v.number() });

/** What the node may write before the host's disk is full; QEMU pauses a machine whose disk cannot grow. */
const guestGrowthBytes = 1024 ** 3;

export function machineDisk(directory: string): string {
  return join(directory, "disk.img");
}

/** Makes the disk, or brings its system up to date; says what it did. */
export async function prepareDisk(directory: string, image: BuiltImage): Promise<DiskPlan["do"]> {
  mkdirSync(directory, { recursive: true });
  const { diskImage } = image;
  const record: DiskRecord = { ...v.parse(Origin, image), sizeBytes: statSync(diskImage).size };
  const existing = readDiskRecord(directory);
  const plan = planDisk(existing, record);
  switch (plan.do) {
    case "keep":
      log(`booting the machine's own disk (version ${record.version})`);
      break;
    case "make":
      checkSpace(directory, allocatedBytes(diskImage) + guestGrowthBytes);
      await step("copy the disk image", () => makeDisk(directory, diskImage));
      break;
    case "rewrite system":
      checkSpace(directory, allocatedBytes(diskImage));
      log(`the image is newer than the machine's disk: replacing its system, keeping its data`);
      // An interrupted rewrite must be seen as unfinished.
      writeDiskRecord(directory, { ...record, imageId: "unfinished" });
      await step("rewrite the system", () => rewriteSystem(directory, diskImage, record.dataOffsetBytes));
      break;
    case "refuse":
      throw new UserError(`cannot put this image on the machine's disk: ${plan.why}`, {
        hint: "`make down CLEAN=1` removes the machine's disk and all its data",
      });
  }
  writeDiskRecord(directory, record);
  return plan.do;
}

export function readDiskRecord(directory: string): DiskRecord | undefined {
  try {
    const record = v.parse(DiskRecordSchema, JSON.parse(readFileSync(recordPath(directory), "utf8")));
    statSync(machineDisk(directory));
    return record;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function makeDisk(directory: string, diskImage: string): Promise<void> {
  const unfinished = `${machineDisk(directory)}.new`;
  try {
    await run(["cp", "--sparse=always", "--reflink=auto", diskImage, unfinished]);
    renameSync(unfinished, machineDisk(directory));
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** A hole first, so that `dd` need not write the image's zeros. */
async function rewriteSystem(directory: string, diskImage: string, sizeBytes: number): Promise<void> {
  const disk = machineDisk(directory);
  await run(["fallocate", "--punch-hole", "--length", String(sizeBytes), disk]);
  const range = ["bs=1M", `count=${sizeBytes}`, "iflag=count_bytes", "conv=notrunc,sparse"];
  await run(["dd", `if=${diskImage}`, `of=${disk}`, ...range]);
}

function recordPath(directory: string): string {
  return join(directory, "disk.json");
}

function writeDiskRecord(directory: string, record: DiskRecord): void {
  replaceFile(recordPath(directory), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** A sparse file's blocks, which stat counts in 512 bytes. */
function allocatedBytes(path: string): number {
  return statSync(path).blocks * 512;
}
