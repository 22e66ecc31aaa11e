// GRUB on the ISO: its configuration, which is pure, and its two boot programs.
import type { Tools } from "../../lib/locked-tools.ts";
import { ISO_LABEL } from "../../release/partitions.ts";
import { KERNEL_ARGS, SCREEN_AND_SERIAL } from "./config.ts";
import { makeGrubProgram } from "./programs.ts";

const ISO_MODULES = ["iso9660", "search", "search_label"];

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

menuentry "Install KubeSolo OS on a disk of this machine" {
  start kubesolo.install
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

/** Makes the program that BIOS starts from a CD; a disk's BIOS starts the same one, by boot_hybrid.img. */
export function makeIsoBiosCore(earlyConfig: string, output: string, tools: Tools): Promise<void> {
  const modules = ["biosdisk", ...ISO_MODULES];
  return makeGrubProgram(
    { format: "i386-pc-eltorito", prefix: "/grub", modules, earlyConfig },
    output,
    tools,
  );
}

/** Makes the UEFI program of an ISO. */
export function makeIsoEfiProgram(earlyConfig: string, output: string, tools: Tools): Promise<void> {
  const modules = ["efi_gop", ...ISO_MODULES];
  return makeGrubProgram({ format: "x86_64-efi", prefix: "/grub", modules, earlyConfig }, output, tools);
}
