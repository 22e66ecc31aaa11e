// GRUB: its configuration and its two boot programs. The configuration is pure.
import { join } from "node:path";
import type { Tools } from "../lib/locked-tools.ts";
import { type Entry, textFile } from "../tree/tree.ts";

const MODULES = [
  ..."part_gpt fat ext2 normal configfile echo linux test true regexp probe serial terminal".split(" "),
  ..."reboot sleep halt minicmd ls cat".split(" "),
];

/** The ISO's volume label. */
export const ISO_LABEL = "KSOLOISO";

const SCREEN_AND_SERIAL = `serial --unit=0 --speed=115200
terminal_input console serial
terminal_output console serial`;

/** What every kernel is started with, whatever it is started from. With `gpt` it takes a torn partition table's copy. */
export const KERNEL_ARGS = "console=tty0 console=ttyS0,115200 panic=10 loglevel=4 gpt";

/** What a slot's own release adds to the kernel command line; lies in the slot, so that an update changes it. */
export interface ReleaseArgs {
  readonly version: string;
  /** dm-verity: number of 4096-byte data blocks, root hash and salt in hex. */
  readonly verity: { readonly dataBlocks: number; readonly rootHash: string; readonly salt: string };
}

/** The slot's boot.cfg: sets `release_args` for grub.cfg. */
export function slotBootConfig(release: ReleaseArgs): string {
  return `set release_args="${releaseArgs(release)}"\n`;
}

/** The kernel command line of a machine that gets its kernel and its root from the network. */
export function networkKernelArgs(release: ReleaseArgs): string {
  return `kubesolo.root=initramfs ${releaseArgs(release)} ${KERNEL_ARGS}`;
}

function releaseArgs({ version, verity }: ReleaseArgs): string {
  return `kubesolo.version=${version} kubesolo.verity=${verity.dataBlocks}:${verity.rootHash}:${verity.salt}`;
}

/**
 * The boot partition's grub.cfg: starts the first slot that loads.
 * Both firmwares set $root to the boot partition of the disk they started from; the slots are looked for
 * on that disk only, so a second disk with the same labels can't confuse it.
 */
export function grubConfig(): string {
  return `# Written by the image factory.
${SCREEN_AND_SERIAL}

regexp --set=1:boot_disk '^([^,]+)' "$root"

# The node's configuration may lie on this partition; here it costs nothing to look.
set esp_args=
if [ ! -d /kubesolo ]; then set esp_args=kubesolo.esp=empty; fi

function boot_slot {
  set root="$boot_disk,gpt$2"
  probe --set=slot_uuid --part-uuid "($root)"
  set release_args=
  source /boot.cfg
  if [ -z "$release_args" ]; then return 1; fi
  echo "KubeSolo OS: starting slot $1"
  if linux /vmlinuz kubesolo.slot=$1 kubesolo.root=PARTUUID=$slot_uuid $esp_args $release_args ${KERNEL_ARGS}; then
    if initrd /initramfs.img; then boot; fi
  fi
  echo "KubeSolo OS: slot $1 does not load"
}

boot_slot A 3
boot_slot B 4
echo "KubeSolo OS: no slot loads; trying again in 30 s"
sleep 30
reboot
`;
}

/**
 * The ISO's grub.cfg. It has what a slot has at its top, and the initramfs finds it by its label: what it is called as
 * a device depends on whether it is a CD or a stick.
 */
export function isoGrubConfig(): string {
  return `# Written by the image factory.
${SCREEN_AND_SERIAL}

function start {
  source /boot.cfg
  if linux /vmlinuz kubesolo.root=LABEL=${ISO_LABEL} $1 $release_args ${KERNEL_ARGS}; then
    if initrd /initramfs.img; then boot; fi
  fi
  echo "KubeSolo OS: this medium does not load; trying again in 30 s"
  sleep 30
  reboot
}

set default=0
set timeout=3

menuentry "Start KubeSolo OS" {
  start
}

menuentry "Start KubeSolo OS in memory, so that the medium can be taken out" {
  start kubesolo.toram
}
`;
}

/** What GRUB does before it finds the ISO's grub.cfg: UEFI starts it from an image inside the ISO. */
export function isoEarlyConfig(): string {
  return `search.fs_label ${ISO_LABEL} root\nset prefix=($root)/grub\n`;
}

/** The files of the boot partition; `efi` is the host path of the UEFI program. */
export function bootPartitionFiles(efi: string): Entry[] {
  return [
    ["EFI/BOOT/BOOTX64.EFI", { type: "file", mode: 0o644, content: { hostPath: efi } }],
    textFile("grub/grub.cfg", grubConfig()),
  ];
}

/** Makes GRUB's core.img for BIOS. Its prefix names the second partition of the disk it was started from. */
export function makeBiosCore(output: string, tools: Tools): Promise<void> {
  return mkimage({ format: "i386-pc", prefix: "(,gpt2)/grub", modules: ["biosdisk"] }, output, tools);
}

/** Makes the UEFI program; the firmware tells it the partition it was loaded from. */
export function makeEfiProgram(output: string, tools: Tools): Promise<void> {
  return mkimage({ format: "x86_64-efi", prefix: "/grub", modules: ["efi_gop"] }, output, tools);
}

const ISO_MODULES = ["iso9660", "search", "search_label"];

/** Makes the program that BIOS starts from a CD; a disk's BIOS starts the same one, by boot_hybrid.img. */
export function makeIsoBiosCore(earlyConfig: string, output: string, tools: Tools): Promise<void> {
  const modules = ["biosdisk", ...ISO_MODULES];
  return mkimage({ format: "i386-pc-eltorito", prefix: "/grub", modules, earlyConfig }, output, tools);
}

/** Makes the UEFI program of an ISO. */
export function makeIsoEfiProgram(earlyConfig: string, output: string, tools: Tools): Promise<void> {
  const modules = ["efi_gop", ...ISO_MODULES];
  return mkimage({ format: "x86_64-efi", prefix: "/grub", modules, earlyConfig }, output, tools);
}

interface GrubProgram {
  readonly format: string;
  /** The folder in which it looks for grub.cfg. */
  readonly prefix: string;
  readonly modules: readonly string[];
  /** Host path of what it does first. */
  readonly earlyConfig?: string;
}

async function mkimage(
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
