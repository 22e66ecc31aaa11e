// The table of outputs: a new format is one file and one row.
import { bundle } from "./bundle.ts";
import { disk } from "./disk.ts";
import { iso } from "./iso.ts";
import type { Output } from "./output.ts";
import { pxe } from "./pxe.ts";
import { qcow2 } from "./qcow2.ts";

/** In the order in which they are made. */
export const OUTPUT_NAMES = ["disk", "qcow2", "iso", "pxe", "bundle"] as const;

export type OutputName = (typeof OUTPUT_NAMES)[number];

export const outputs: Readonly<Record<OutputName, Output>> = { disk, qcow2, iso, pxe, bundle };
