// What our boot is held against, made from the same locked packages: a bare kernel, and a Debian with systemd.
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import { prepareGroup, prepareTools } from "../image/debian/packages.ts";
import { makeExt4 } from "../image/filesystems.ts";
import { KERNEL_ARGS } from "../image/grub/config.ts";
import { readWantedModules } from "../image/kernel/inputs.ts";
import { type Kernel, prepareKernel } from "../image/kernel/kernel.ts";
import { makeOnce } from "../image/once.ts";
import { makeInitramfs } from "../image/root-image.ts";
import { busybox } from "../image/rootfs.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { hostFolder } from "../tree/host.ts";
import { directory, type Entry, hostFile, makeTree, symlink, type Tree } from "../tree/tree.ts";
import type { MachineOptions } from "../vm/machine-options.ts";

type MachineKernel = NonNullable<MachineOptions["kernel"]>;

export interface OtherSystems {
  readonly bare: MachineKernel;
  readonly systemd: MachineKernel;
  /** Raw disk without partitions, a host path: the root of the Debian with systemd. */
  readonly systemdDisk: string;
}

const FOLDER = buildPath("bench/boot");
const DISK_BYTES = 2 ** 30;

/** What a minimal image leaves out, too. */
const UNREAD = /^usr\/share\/(bug|doc|info|lintian|locale|man)\//;

/** What the packages' scripts would enable; getty on the serial port is systemd's own doing. */
const ENABLED = [
  "getty.target.wants/getty@tty1.service",
  "multi-user.target.wants/remote-fs.target",
  "multi-user.target.wants/systemd-networkd.service",
  "network-online.target.wants/systemd-networkd-wait-online.service",
  "sockets.target.wants/systemd-networkd.socket",
  "sysinit.target.wants/systemd-resolved.service",
  "sysinit.target.wants/systemd-timesyncd.service",
];

/** As after the packages' scripts: else the first boot does what they do. */
const DONE = "systemd.condition_needs_update=no";

const EMPTY = ["proc", "sys", "dev", "run", "root", "home", "mnt", "var/log/journal", "var/lib/systemd"];

export async function makeOtherSystems(): Promise<OtherSystems> {
  const tools = await prepareTools();
  const packagesRoot = await prepareGroup("rootfs");
  const kernel = await prepareKernel(await prepareGroup("kernel"), readWantedModules("vm"), tools);
  const start = async (name: string, modules: readonly Entry[], args = ""): Promise<MachineKernel> => {
    const folder = join(FOLDER, name);
    mkdirSync(folder, { recursive: true });
    const tree = await planSmallInitramfs(packagesRoot, name, modules);
    const initramfs = await makeInitramfs(tree, folder, tools);
    return { path: kernel.vmlinuz, initramfs, commandLine: `${KERNEL_ARGS} ${args}`.trim() };
  };

  const tree = planDebian(await prepareGroup("systemd"), kernel);
  const systemdDisk = join(FOLDER, "debian.img");
  const bare = await start("bare", []);
  const systemd = await start("debian", kernel.initramfsModules, DONE);
  await makeOnce(systemdDisk, digestTree(tree), v.null(), async () => {
    rmSync(systemdDisk, { force: true });
    writeFileSync(systemdDisk, "");
    truncateSync(systemdDisk, DISK_BYTES);
    const place = { image: systemdDisk, offsetBytes: 0, sizeBytes: DISK_BYTES };
    await makeExt4(tree, place, { label: "debian", journal: true }, tools);
    return null;
  });
  return { bare, systemd, systemdDisk };
}

/** BusyBox and one script, src/bench/initramfs/NAME. */
async function planSmallInitramfs(
  packagesRoot: string,
  name: string,
  modules: readonly Entry[],
): Promise<Tree> {
  return makeTree([
    ...["proc", "sys", "dev", "newroot"].map((path) => directory(path)),
    ...["bin", "sbin", "lib"].map((folder) => symlink(folder, `usr/${folder}`)),
    ...(await busybox(packagesRoot)),
    ...modules,
    hostFile("init", sourcePath("src/bench/initramfs", name)),
  ]);
}

/** The unpacked packages, and by hand the little that their scripts would write. */
function planDebian(packagesRoot: string, kernel: Kernel): Tree {
  const unit = (path: string) => `/usr/lib/systemd/system/${basename(path).replace(/@.*\./, "@.")}`;
  return makeTree([
    ...hostFolder("", packagesRoot).filter(([path]) => !UNREAD.test(path)),
    ...hostFolder("", sourcePath("src/bench/debian")),
    ...kernel.rootfsModules,
    ...binaryIndexes(kernel),
    ...EMPTY.map((path) => directory(path)),
    ...["tmp", "var/tmp"].map((path) => directory(path, 0o1777)),
    symlink("var/run", "/run"),
    symlink("var/lock", "/run/lock"),
    symlink("etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf"),
    symlink("etc/systemd/system/default.target", unit("multi-user.target")),
    // It would only fail: its program is in no package here.
    symlink("etc/systemd/system/ldconfig.service", "/dev/null"),
    ...ENABLED.map((path) => symlink(`etc/systemd/system/${path}`, unit(path))),
    symlink("etc/systemd/system/multi-user.target.wants/bench.service", "../bench.service"),
  ]);
}

/** Of the modules: udev reads these alone, BusyBox those in text. */
function binaryIndexes({ rootfsModules }: Kernel): Entry[] {
  return rootfsModules.flatMap(([path, node]) => {
    const isIndex = /\/modules\.(dep|alias|symbols|builtin)$/.test(path);
    if (!isIndex || node.type !== "file" || !("hostPath" in node.content)) return [];
    return [hostFile(`${path}.bin`, `${node.content.hostPath}.bin`, 0o644)];
  });
}
