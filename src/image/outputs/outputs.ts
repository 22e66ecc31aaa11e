// The table of outputs: a new format is one file and one row.
import { bundle } from "./bundle.ts";
import { disk } from "./disk.ts";
import { qcow2, vhd, vmdk } from "./hypervisor-disks.ts";
import { iso } from "./iso.ts";
import type { Output } from "./output.ts";
import { pxe } from "./pxe.ts";

/** In the order in which they are made. */
export const OUTPUT_NAMES = ["disk", "qcow2", "vmdk", "vhd", "iso", "pxe", "bundle"] as const;

export type OutputName = (typeof OUTPUT_NAMES)[number];

export const outputs: Readonly<Record<OutputName, Output>> = { disk, qcow2, vmdk, vhd, iso, pxe, bundle };
