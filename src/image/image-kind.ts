// What an image file is, by what it begins and ends with: never by its name.
import { statSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import { readPart } from "../lib/files.ts";
import { ISO_LABEL } from "../release/partitions.ts";
import { VHD_FOOTER_BYTES, VHD_MARK } from "./stamps.ts";

/** `raw` is whatever isn't any of the others: its partition table says more. */
export type ImageKind = "raw" | "iso" | "qcow2" | "vmdk" | "vhd" | "compressed";

/** For people. */
export const kindNames: Readonly<Record<ImageKind, string>> = {
  raw: "a raw image",
  iso: "an ISO",
  qcow2: "a qcow2",
  vmdk: "a VMDK",
  vhd: "a VHD",
  compressed: "compressed",
};

export interface ImageFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly kind: ImageKind;
}

/** An ISO's second descriptor area: ECMA-119, 8.4. */
const ISO_MARK = 0x8001;
const ISO_VOLUME = 0x8028;
const ISO_VOLUME_BYTES = 32;

const MARKS: readonly { readonly at: number; readonly hex: string; readonly is: ImageKind }[] = [
  { at: 0, hex: "514649fb", is: "qcow2" },
  { at: 0, hex: ascii("KDMV"), is: "vmdk" },
  { at: 0, hex: ascii(VHD_MARK), is: "vhd" },
  { at: ISO_MARK, hex: ascii("CD001"), is: "iso" },
  { at: 0, hex: "28b52ffd", is: "compressed" }, // zstd
  { at: 0, hex: "1f8b", is: "compressed" }, // gzip
  { at: 0, hex: "fd377a585a", is: "compressed" }, // xz
  { at: 0, hex: ascii("PK"), is: "compressed" }, // zip
];

/** Throws a UserError for what is no file. */
export function readImageFile(path: string): ImageFile {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UserError(`there is no image "${path}"`);
  if (!stat.isFile()) throw new UserError(`"${path}" is no file`);
  const start = readPart(path, 0, ISO_VOLUME + ISO_VOLUME_BYTES);
  const end = readPart(path, Math.max(0, stat.size - VHD_FOOTER_BYTES), VHD_FOOTER_BYTES);
  return { path, sizeBytes: stat.size, kind: kindOf(start, end) };
}

/** Whether the ISO is one of ours. */
export function hasIsoLabel(path: string): boolean {
  return readPart(path, ISO_VOLUME, ISO_VOLUME_BYTES).toString("latin1").trim() === ISO_LABEL;
}

/** By its first kilobytes and its last 512 bytes, where a VHD of a fixed size has what others begin with. Pure. */
export function kindOf(start: Buffer, end: Buffer): ImageKind {
  if (end.toString("latin1").startsWith(VHD_MARK)) return "vhd";
  const begins = ({ at, hex }: (typeof MARKS)[number]) =>
    start.subarray(at, at + hex.length / 2).toString("hex") === hex;
  return MARKS.find(begins)?.is ?? "raw";
}

function ascii(text: string): string {
  return Buffer.from(text).toString("hex");
}
