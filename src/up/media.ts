// What a machine starts from, each in its own way: which output of a build, and how words of ours get to its kernel.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findBootPartition } from "../image/boot-partition.ts";
import { formatOwnerFile, OWNER_FILE } from "../image/grub/config.ts";
import type { OutputName } from "../image/outputs/outputs.ts";
import type { BuiltImage } from "../lib/built.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { run } from "../lib/run.ts";
import { ISO_LABEL } from "../release/partitions.ts";
import type { Firmware, MachineOptions } from "../vm/machine-options.ts";
import { machineDisk, prepareDisk } from "./disk.ts";

export type Medium = Extract<OutputName, "disk" | "iso" | "pxe">;

export interface Wishes {
  /** Host path of the machine's folder. */
  readonly directory: string;
  readonly image: BuiltImage;
  /** Host path of the output. */
  readonly output: string;
  readonly firmware: Firmware;
  /** For the kernel command line. */
  readonly words: readonly string[];
  /** Host path of the folder that QEMU is unpacked in. */
  readonly qemu: string;
  readonly tools: Tools;
}

type Started = Pick<MachineOptions, "disk" | "cdrom" | "kernel" | "networkBoot">;

/** For what starts from elsewhere: a disk that an installation can go to. */
const BLANK_DISK = "8G";

export const media: Readonly<
  Record<Medium, (wishes: Wishes) => Promise<Partial<Started> & Pick<Started, "disk">>>
> = {
  async disk({ directory, image, words, tools }) {
    await prepareDisk(directory, image);
    const path = machineDisk(directory);
    await writeOwnerWords(path, join(directory, OWNER_FILE), words, tools);
    return { disk: { path, format: "raw" } };
  },

  async iso({ directory, image, output, words, tools }) {
    const disk = await blankDisk(directory, tools);
    if (words.length === 0) return { disk, cdrom: output };
    // Its menu can't be edited: QEMU starts its kernel instead of its firmware and GRUB.
    const commandLine = [image.kernelArgs, `kubesolo.root=LABEL=${ISO_LABEL}`, ...words].join(" ");
    return { disk, cdrom: output, kernel: { path: image.kernel, initramfs: image.initramfs, commandLine } };
  },

  async pxe({ directory, output, firmware, words, qemu, tools }) {
    const folder = join(directory, "boot-server");
    mkdirSync(folder, { recursive: true });
    await run(["tar", "--extract", `--file=${output}`, `--directory=${folder}`]);
    copyFileSync(join(qemu, "usr/lib/ipxe/snponly.efi"), join(folder, "snponly.efi"));
    const script = join(folder, "boot.ipxe");
    writeFileSync(script, addWords(readFileSync(script, "utf8"), words));
    const file = firmware === "bios" ? "boot.ipxe" : "snponly.efi";
    return { disk: await blankDisk(directory, tools), networkBoot: { folder, file } };
  },
};

/** At the end of the script's kernel line. Pure. */
export function addWords(script: string, words: readonly string[]): string {
  return script.replace(/^kernel .*$/m, (line) => [line, ...words].join(" "));
}

async function writeOwnerWords(
  disk: string,
  file: string,
  words: readonly string[],
  tools: Tools,
): Promise<void> {
  const offset = await findBootPartition(disk, tools);
  if (offset === undefined) throw new Error(`"${disk}" is no disk of ours`);
  writeFileSync(file, formatOwnerFile(words));
  await tools.run(["mcopy", "-o", "-i", `${disk}@@${offset}`, file, `::/${OWNER_FILE}`]);
}

/** Kept where there is one. */
async function blankDisk(directory: string, tools: Tools): Promise<MachineOptions["disk"]> {
  const path = machineDisk(directory);
  mkdirSync(directory, { recursive: true });
  const disk = { path, format: "qcow2" } as const;
  if ((await tools.runAnyExit(["qemu-img", "info", "-f", "qcow2", path])).exitCode === 0) return disk;
  await tools.run(["qemu-img", "create", "-q", "-f", "qcow2", path, BLANK_DISK]);
  return disk;
}
