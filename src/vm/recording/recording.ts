// A machine whose writes are noted: what was on its disk before, and the log.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readPart } from "../../lib/files.ts";
import { programArgs } from "../../lib/locked-tools.ts";
import { run } from "../../lib/run.ts";
import type { MachineOptions } from "../machine-options.ts";
import { makeOverlay } from "../overlay.ts";
import { formatLog, parseLogHead, SECTOR_BYTES } from "./write-log.ts";

export const RecordingSchema = v.object({
  /** The disk before it, a host path; it has to stay as it is. */
  base: v.object({ path: v.string(), format: v.picklist(["raw", "qcow2"]) }),
  /** Host path. */
  log: v.string(),
  diskBytes: v.number(),
});

export type Recording = v.InferOutput<typeof RecordingSchema>;

/** Makes a machine's disk over `base`, as large or larger, in the machine's directory, whose writes are noted there. */
export async function makeRecordedDisk(
  qemu: string,
  base: MachineOptions["disk"],
  diskBytes: number,
  directory: string,
): Promise<{ disk: MachineOptions["disk"]; recording: Recording }> {
  const log = join(directory, "writes.log");
  writeFileSync(log, formatLog([]));
  const disk = await makeOverlay(qemu, base.path, join(directory, "disk.qcow2"), base.format);
  await run([...programArgs(qemu, "qemu-img"), "resize", "-q", disk.path, String(diskBytes)]);
  return {
    disk: { ...disk, writeLog: log },
    recording: { base: { path: base.path, format: base.format }, log, diskBytes },
  };
}

/** How many writes there are by now. */
export function countWrites({ log }: Pick<Recording, "log">): number {
  return parseLogHead(readPart(log, 0, SECTOR_BYTES));
}
