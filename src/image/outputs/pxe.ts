// For machines that start from the network: kernel, initramfs with the root in it, and the kernel command line, in a tar.
import { renameSync } from "node:fs";
import { readContent } from "../../tree/content.ts";
import { makeCpio } from "../../tree/cpio.ts";
import { writeTar } from "../../tree/tar.ts";
import { type Entry, makeTree, type Tree, textFile } from "../../tree/tree.ts";
import { networkKernelArgs } from "../grub/config.ts";
import type { Output } from "./output.ts";

export const pxe: Output = {
  file: "kubesolo-os-pxe.tar",
  what: "kernel, initramfs, command line and iPXE script for a boot server",
  async make(path, { slot, release }, { epoch }) {
    const unfinished = `${path}.new`;
    const initramfs = Buffer.concat([rootArchive(slot, epoch), contentOf(slot, "initramfs.img")]);
    // UEFI's own network boot starts iPXE, which looks for autoexec.ipxe where it came from (ipxe.org/howto/chainloading).
    const tree = makeTree([
      ["vmlinuz", fileNode(contentOf(slot, "vmlinuz"))],
      ["initramfs.img", fileNode(initramfs)],
      textFile("cmdline", `${networkKernelArgs(release)}\n`),
      textFile("boot.ipxe", ipxeScript(networkKernelArgs(release))),
      textFile("autoexec.ipxe", "#!ipxe\ndhcp\nchain boot.ipxe\n"),
    ]);
    await writeTar(tree, unfinished, epoch);
    renameSync(unfinished, path);
  },
};

/**
 * For iPXE, which takes names from where it found the script. With UEFI the kernel itself looks for its initramfs by name
 * (ipxe.org/cmd/initrd).
 */
function ipxeScript(kernelArgs: string): string {
  return `#!ipxe
kernel vmlinuz initrd=initramfs.img ${kernelArgs}
initrd initramfs.img
boot
`;
}

/**
 * A first archive with the root only, not compressed, as squashfs is already. The kernel unpacks one archive after the
 * other (Documentation/driver-api/early-userspace/buffer-format.rst); each begins at a multiple of four bytes.
 */
function rootArchive(slot: Tree, epoch: number): Buffer {
  const root: Entry = ["root.squashfs", fileNode(contentOf(slot, "root.squashfs"))];
  return makeCpio(makeTree([root]), epoch);
}

function contentOf(slot: Tree, path: string): Uint8Array {
  const node = slot.get(path);
  if (node?.type !== "file") throw new Error(`a slot without "${path}"`);
  return readContent(node.content);
}

function fileNode(bytes: Uint8Array): Entry[1] {
  return { type: "file", mode: 0o644, content: { bytes } };
}
