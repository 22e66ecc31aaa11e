// The recipe: from locked inputs to a bootable disk. Read it top to bottom.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPartition, planLayout, SECTOR_BYTES } from "../disk/layout.ts";
import { checkSpace, readTextIfThere, replaceFile, sha256 } from "../lib/files.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { makeCpio } from "../tree/cpio.ts";
import { hostFile, makeTree, type Tree, textFile } from "../tree/tree.ts";
import { writeOciArchive } from "./container-image.ts";
import { fetchPackages, readInputs, readLock, unpackGroup } from "./debian/packages.ts";
import { makeDiskImage } from "./disk-image.ts";
import { buildEngine, readVersion } from "./engine.ts";
import { appendVerity, makeSquashfs, type Verity } from "./filesystems.ts";
import { grubConfig, slotBootConfig } from "./grub.ts";
import { planInitramfs } from "./initramfs.ts";
import { auditKernel, checkFindings } from "./kernel/audit.ts";
import { readRequirements, readWantedModules } from "./kernel/inputs.ts";
import { prepareKernel } from "./kernel/kernel.ts";
import { imageDirectory, kernelGroups, type Profile } from "./profile.ts";
import { planRootfs } from "./rootfs.ts";
import { busyboxImage, nginxImage, pauseImage } from "./system-images.ts";
import { makeRunTool, type RunTool } from "./tools.ts";

const DISK_MIB = 4096;

/** The packages that a build needs besides its profile's kernel; others are for tests. */
const IMAGE_GROUPS = ["rootfs", "tools", "nginx", "kubectl"] as const;

/** What one build takes at most besides the compiler: packages, the root as tar and squashfs, two slots. */
const WORKING_BYTES = 1.5 * 2 ** 30;

/** What a build leaves; all paths are host paths. */
export interface BuiltImage {
  /** Raw disk, sparse. */
  readonly diskImage: string;
  readonly version: string;
  /** SHA-256 in hex of what the slots and the boot partition hold. */
  readonly imageId: string;
  /** Where the data partition starts. */
  readonly dataOffsetBytes: number;
  readonly kernel: string;
  /** OCI archive of nginx, not part of the disk. */
  readonly nginxArchive: string;
  /** OCI archive of BusyBox, not part of the disk. */
  readonly busyboxArchive: string;
  /** OCI archives that are part of the disk: file name → host path. */
  readonly systemImages: Readonly<Record<string, string>>;
  /** The engine's file, which works as kubectl on this host too. */
  readonly kubectl: string;
  /** Debian's, of another version. */
  readonly stockKubectl: string;
}

export async function buildAll(profile: Profile = "vm"): Promise<BuiltImage> {
  const output = imageDirectory(profile);
  const kernelGroup = kernelGroups[profile];
  mkdirSync(output, { recursive: true });
  checkSpace(output, WORKING_BYTES);
  const inputs = readInputs();
  const lock = readLock();
  const { epoch, architecture } = inputs;
  const version = readVersion();

  await step("fetch Debian packages", () => fetchPackages(inputs, lock, [kernelGroup, ...IMAGE_GROUPS]));
  const toolsRoot = await unpackGroup(lock, "tools");
  const runTool = makeRunTool(toolsRoot, epoch);
  const kernel = await step("kernel and modules", async () =>
    prepareKernel(await unpackGroup(lock, kernelGroup), readWantedModules(profile), runTool),
  );
  const findings = auditKernel(readRequirements(profile), kernel.config, kernel.packed);
  for (const warning of checkFindings(findings)) log(`warning: ${warning}`);
  await buildEngine(architecture);
  const packagesRoot = await unpackGroup(lock, "rootfs");
  const pause = join(output, "pause.tar");
  const nginx = join(output, "nginx.tar");
  const busybox = join(output, "busybox.tar");
  await step("container images", async () => {
    await writeOciArchive(pauseImage(architecture), pause, epoch);
    await writeOciArchive(await busyboxImage(packagesRoot, architecture), busybox, epoch);
    await writeOciArchive(await nginxImage(await unpackGroup(lock, "nginx"), architecture), nginx, epoch);
  });

  const images = { "pause.tar": pause };
  const rootfs = await planRootfs({ packagesRoot, kernel, version, epoch, images });
  const { squashfs, verity } = await step("root.squashfs", () => makeRoot(rootfs, output, epoch, runTool));
  const initramfs = await planInitramfs(packagesRoot, kernel);
  const initramfsFile = await step("initramfs.img", () => makeInitramfs(initramfs, output, epoch, runTool));

  const slot = makeTree([
    hostFile("vmlinuz", kernel.vmlinuz, 0o644),
    hostFile("initramfs.img", initramfsFile, 0o644),
    hostFile("root.squashfs", squashfs, 0o644),
    textFile("boot.cfg", slotBootConfig({ version, verity })),
  ]);
  const layout = planLayout(DISK_MIB);
  const diskImage = join(output, "kubesolo-os.img");
  await step("disk image", () => makeDiskImage(diskImage, { layout, slot, toolsRoot, epoch }, runTool));

  const built = {
    diskImage,
    version,
    imageId: sha256(digestTree(slot) + grubConfig()),
    dataOffsetBytes: findPartition(layout, "KSOLODATA").startSector * SECTOR_BYTES,
    kernel: kernel.vmlinuz,
    nginxArchive: nginx,
    busyboxArchive: busybox,
    systemImages: images,
    kubectl: buildPath("engine/kubectl"),
    stockKubectl: join(await unpackGroup(lock, "kubectl"), "usr/bin/kubectl"),
  };
  replaceFile(join(output, "image.json"), `${JSON.stringify(built, null, 2)}\n`);
  return built;
}

/** Makes the verified root, unless the one that is there was made from the same tree. */
async function makeRoot(
  tree: Tree,
  output: string,
  epoch: number,
  runTool: RunTool,
): Promise<{ squashfs: string; verity: Verity }> {
  const squashfs = join(output, "root.squashfs");
  const recordFile = join(output, "root.json");
  const digest = digestTree(tree);
  const before = JSON.parse(readTextIfThere(recordFile) ?? "{}") as { digest?: string; verity?: Verity };
  if (before.digest === digest && before.verity && existsSync(squashfs))
    return { squashfs, verity: before.verity };
  replaceFile(recordFile, "{}");
  await makeSquashfs(tree, squashfs, epoch, runTool);
  const verity = await appendVerity(squashfs, runTool);
  replaceFile(recordFile, JSON.stringify({ digest, verity }));
  return { squashfs, verity };
}

async function makeInitramfs(tree: Tree, output: string, epoch: number, runTool: RunTool): Promise<string> {
  const archive = join(output, "initramfs.cpio");
  const compressed = join(output, "initramfs.img");
  writeFileSync(archive, makeCpio(tree, epoch));
  await runTool(["zstd", "-q", "-f", "-15", archive, "-o", compressed]);
  return compressed;
}
