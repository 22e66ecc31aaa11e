// What every output is: a row of the table in outputs.ts.

import type { Tools } from "../../lib/locked-tools.ts";
import type { Tree } from "../../tree/tree.ts";
import type { ReleaseArgs } from "../grub/config.ts";

/** What all outputs are made from. */
export interface OutputParts {
  /** A slot's files: vmlinuz, initramfs.img, root.squashfs, boot.cfg, release.json, sha256sums. */
  readonly slot: Tree;
  readonly release: ReleaseArgs;
  /** Of the release. */
  readonly sequence: number;
  /** Where outputs lie; a host path. */
  readonly folder: string;
}

export interface Output {
  /** Its name in the folder of the outputs. */
  readonly file: string;
  /** One line for a person. */
  readonly what: string;
  /** The output that it is made from, if it is. */
  readonly from?: "disk";
  /** Writes it to the host path `path`, which is in the outputs' folder; the same parts make the same bytes. */
  readonly make: (path: string, parts: OutputParts, tools: Tools) => Promise<void>;
}
