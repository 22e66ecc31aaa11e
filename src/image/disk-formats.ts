// A raw disk in the formats of hypervisors, and back. The same disk always becomes the same bytes.
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";
import { sha256 } from "../lib/files.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { stampVhd, stampVmdk, VHD_FOOTER_BYTES, VMDK_DESCRIPTOR } from "./stamps.ts";

export type DiskFormat = "qcow2" | "vmdk" | "vhd";

interface FormatRow {
  /** What qemu-img calls it. */
  readonly name: string;
  readonly options: readonly string[];
  /** Writes over what qemu-img made up: times, and random numbers. `id` is hexadecimal, and the content's. */
  readonly stamp: (path: string, id: string, epoch: number) => void;
}

export const diskFormats: Readonly<Record<DiskFormat, FormatRow>> = {
  qcow2: { name: "qcow2", options: [], stamp: () => {} },
  vmdk: {
    name: "vmdk",
    options: ["-o", "adapter_type=lsilogic,subformat=monolithicSparse"],
    stamp: (path, id) =>
      changePart(path, VMDK_DESCRIPTOR.offsetBytes, VMDK_DESCRIPTOR.sizeBytes, (part) => stampVmdk(part, id)),
  },
  // Azure takes no other: fixed, and its size to the byte a whole number of MiB.
  vhd: {
    name: "vpc",
    options: ["-o", "subformat=fixed,force_size=on"],
    stamp: (path, id, epoch) =>
      changePart(path, -VHD_FOOTER_BYTES, VHD_FOOTER_BYTES, (part) => stampVhd(part, id, epoch)),
  },
};

/** Writes the raw disk to the host path `path`, whole or not at all. */
export async function writeAs(format: DiskFormat, raw: string, path: string, tools: Tools, id: string) {
  const { name, options, stamp } = diskFormats[format];
  // A VMDK has its own file's name in it.
  const folder = `${path}.new`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const unfinished = join(folder, basename(path));
  // One coroutine: with several, which cluster comes first is a matter of luck.
  await tools.run(["qemu-img", "convert", "-m", "1", "-f", "raw", "-O", name, ...options, raw, unfinished]);
  stamp(unfinished, sha256(id), tools.epoch);
  renameSync(unfinished, path);
  rmSync(folder, { recursive: true });
}

/** Writes the disk in `path` to the host path `raw`. */
export async function writeRaw(format: DiskFormat, path: string, raw: string, tools: Tools): Promise<void> {
  await tools.run(["qemu-img", "convert", "-f", diskFormats[format].name, "-O", "raw", path, raw]);
}

/** What `qemu-img info` prints of an image that is one file. */
const Info = v.object({
  "virtual-size": v.number(),
  "backing-filename": v.optional(v.string()),
  snapshots: v.optional(v.array(v.unknown()), []),
});

/** Throws for what would lose something if it were written anew; returns the disk's size. */
export async function checkPlain(format: DiskFormat, path: string, tools: Tools): Promise<number> {
  const printed = await tools.run([
    "qemu-img",
    "info",
    "-f",
    diskFormats[format].name,
    "--output=json",
    path,
  ]);
  const info = v.parse(Info, JSON.parse(printed));
  if (info["backing-filename"] !== undefined)
    throw new UserError(`"${path}" is only what differs from "${info["backing-filename"]}"`, {
      hint: "configure that one, before anything is made from it",
    });
  if (info.snapshots.length > 0)
    throw new UserError(`"${path}" has snapshots, which would be lost`, { hint: "configure a copy without" });
  return info["virtual-size"];
}

/** From an offset on, or, where that is negative, from the end. */
function changePart(path: string, offset: number, sizeBytes: number, change: (part: Buffer) => Buffer): void {
  const file = openSync(path, "r+");
  try {
    const part = Buffer.alloc(sizeBytes);
    const at = offset < 0 ? fstatSync(file).size + offset : offset;
    readSync(file, part, 0, sizeBytes, at);
    writeSync(file, change(part), 0, sizeBytes, at);
  } finally {
    closeSync(file);
  }
}
