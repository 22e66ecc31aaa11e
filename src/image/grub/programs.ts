// The programs of GRUB that firmware starts from a disk.
import { join } from "node:path";
import type { Tools } from "../../lib/locked-tools.ts";
import { partitionNumber } from "../../release/partitions.ts";

const MODULES = [
  ..."part_gpt fat ext2 normal configfile echo linux test true regexp probe serial terminal".split(" "),
  ..."reboot sleep halt minicmd ls cat loadenv hashsum gcry_sha256".split(" "),
];

/** Makes GRUB's core.img for BIOS. Its prefix names the boot partition of the disk it was started from. */
export function makeBiosCore(output: string, tools: Tools): Promise<void> {
  const prefix = `(,gpt${partitionNumber("KSOLOEFI")})/grub`;
  return makeGrubProgram({ format: "i386-pc", prefix, modules: ["biosdisk"] }, output, tools);
}

/** Makes the UEFI program; the firmware tells it the partition it was loaded from. */
export function makeEfiProgram(output: string, tools: Tools): Promise<void> {
  return makeGrubProgram({ format: "x86_64-efi", prefix: "/grub", modules: ["efi_gop"] }, output, tools);
}

export interface GrubProgram {
  readonly format: string;
  /** The folder in which it looks for grub.cfg. */
  readonly prefix: string;
  readonly modules: readonly string[];
  /** Host path of what it does first. */
  readonly earlyConfig?: string;
}

/** Makes it, with what every one of ours can do. */
export async function makeGrubProgram(
  { format, prefix, modules, earlyConfig }: GrubProgram,
  output: string,
  tools: Tools,
): Promise<void> {
  await tools.run([
    "grub-mkimage",
    ...["--directory", join(tools.root, "usr/lib/grub", format.replace("-eltorito", ""))],
    ...["--format", format],
    ...(earlyConfig === undefined ? [] : ["--config", earlyConfig]),
    ...["--prefix", prefix],
    ...["--output", output],
    ...MODULES,
    ...modules,
  ]);
}
