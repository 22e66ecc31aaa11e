// What QEMU starts without firmware and loader: seconds sooner, and with any kernel command line.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { makeCpio, padded } from "../../src/tree/cpio.ts";
import { makeTree, textFile } from "../../src/tree/tree.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { builtKernel } from "./machine-under-test.ts";

type Kernel = NonNullable<MachineOptions["kernel"]>;

/** The kernel and initramfs of slot A, with more words on their command line: of each key the last one counts. */
export function directKernel(...words: string[]): Kernel {
  return kernelOf(undefined, ...words);
}

/** The same of another image, the folder of which this is below build. */
export function kernelOf(image: string | undefined, ...words: string[]): Kernel {
  const { commandLine, ...files } = builtKernel(image);
  return {
    ...files,
    commandLine: [commandLine, "kubesolo.slot=A", "kubesolo.root=PARTLABEL=KSOLOA", ...words].join(" "),
  };
}

/** The same with another root hash than the root's. */
export function withWrongRootHash(kernel: Kernel): Kernel {
  const wrong = kernel.commandLine.replace(/(kubesolo\.verity=\d+:)[0-9a-f]{64}/, `$1${"0".repeat(64)}`);
  return { ...kernel, commandLine: wrong };
}

/** The same, but this module is an empty file in the initramfs, which is made anew in a folder of this host. */
export function withoutModule(kernel: Kernel, module: string, folder: string): Kernel {
  const release = basename(kernel.path).replace("vmlinuz-", "");
  const whole = readFileSync(kernel.initramfs);
  const initramfs = join(folder, "initramfs.img");
  const emptyFile = textFile(`usr/lib/modules/${release}/${module}`, "");
  // Linux, Documentation/driver-api/early-userspace/buffer-format.rst: what comes later takes the earlier one's place.
  writeFileSync(initramfs, Buffer.concat([padded(whole), makeCpio(makeTree([emptyFile]), 0)]));
  return { ...kernel, initramfs };
}
