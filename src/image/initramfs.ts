// The initramfs: only what it takes to find the slot, verify the root and start it.
import { sourcePath } from "../lib/paths.ts";
import { directory, hostFile, makeTree, symlink, type Tree } from "../tree/tree.ts";
import { type BakedFiles, faultEntries } from "./baked/baked.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { programsWithLibraries } from "./libraries.ts";
import { busybox } from "./rootfs.ts";

const PROGRAMS = ["usr/sbin/dmsetup", "usr/sbin/blkid"];
const LIBRARIES = ["base.sh", "words.sh", "slot.sh", "devices.sh", "root.sh", "watchdog.sh", "last-words.sh"];

export async function planInitramfs(
  packagesRoot: string,
  kernel: Kernel,
  { faults }: BakedFiles,
): Promise<Tree> {
  return makeTree([
    ...["bin", "sbin", "lib", "lib64"].map((folder) => symlink(folder, `usr/${folder}`)),
    ...["proc", "sys", "dev", "run"].map((path) => directory(path)),
    ...(await busybox(packagesRoot)),
    ...(await programsWithLibraries(packagesRoot, PROGRAMS)),
    ...kernel.initramfsModules,
    hostFile("init", sourcePath("init/initramfs")),
    ...faultEntries(faults),
    ...LIBRARIES.map((name) =>
      hostFile(`usr/lib/kubesolo-os/lib/${name}`, sourcePath("init/lib", name), 0o644),
    ),
  ]);
}
