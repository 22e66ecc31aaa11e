// The recipe: from locked inputs to bootable outputs. Read it top to bottom; plan.ts says which of its steps are due.
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { findPartition, SECTOR_BYTES } from "../disk/layout.ts";
import { type BuiltImage, writeBuiltImage } from "../lib/built.ts";
import { checkSpace, sha256 } from "../lib/files.ts";
import { makeTools, type Tools } from "../lib/locked-tools.ts";
import { log, step } from "../lib/log.ts";
import { buildPath, repository } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { hostFile, makeTree, type Tree, textFile } from "../tree/tree.ts";
import { buildAgent } from "./agent.ts";
import { plainArchives } from "./baked/archives.ts";
import { type BakedFiles, isAnythingBaked, NOTHING_BAKED } from "./baked/baked.ts";
import { checkBaked } from "./baked/check.ts";
import { checkSlotSize } from "./baked/slot-size.ts";
import { fetchPackages, readInputs, readLock, unpackGroup } from "./debian/packages.ts";
import { buildEngine, readVersion } from "./engine.ts";
import { grubConfig, networkKernelArgs, type ReleaseArgs, slotBootConfig } from "./grub/config.ts";
import { planInitramfs } from "./initramfs.ts";
import { auditKernel, checkFindings } from "./kernel/audit.ts";
import { readRequirements, readWantedModules } from "./kernel/inputs.ts";
import { type Kernel, prepareKernel } from "./kernel/kernel.ts";
import { writeManifest } from "./manifest/write.ts";
import { diskLayout } from "./outputs/disk.ts";
import { makeOutput } from "./outputs/make.ts";
import { type BuildPlan, hasStep, planBuild, plannedOutputs, type Target } from "./plan.ts";
import { imageDirectory, kernelGroups, type Profile } from "./profile.ts";
import { makeInitramfs, makeRoot } from "./root-image.ts";
import { planRootfs } from "./rootfs.ts";
import { type SystemImages, writeSystemImages } from "./system-images.ts";

/** What one build takes at most besides the compiler: packages, the root as tar and squashfs, every output. */
const WORKING_BYTES = 2 * 2 ** 30;

/** The plan for these sources and inputs. */
export function makePlan(
  targets: readonly Target[],
  profile: Profile,
  baked: BakedFiles = NOTHING_BAKED,
): BuildPlan {
  const { architecture } = readInputs();
  // Of its own: the plain image stays what `make up` and the tests know.
  const folder = relative(repository, imageDirectory(profile)) + (isAnythingBaked(baked) ? "-baked" : "");
  return planBuild({ targets, profile, architecture, version: readVersion(), folder, baked });
}

/** Builds the disk image, which machines are made from. */
export async function buildAll(profile: Profile = "vm"): Promise<BuiltImage> {
  const { image } = await build(makePlan(["disk"], profile));
  if (image === undefined) throw new Error("a build of the disk left no disk");
  return image;
}

/** Carries out a plan; returns the host paths of what was asked for, and what is known of the disk if there is one. */
export async function build(plan: BuildPlan): Promise<{ files: string[]; image?: BuiltImage }> {
  const { profile, version, architecture, baked } = plan;
  const folder = join(repository, plan.folder);
  await checkBaked(baked);
  mkdirSync(folder, { recursive: true });
  checkSpace(folder, WORKING_BYTES);
  const inputs = readInputs();
  const lock = readLock();

  await step("fetch Debian packages", (say) => fetchPackages(inputs, lock, plan.groups, say));
  const toolsRoot = await unpackGroup(lock, "tools");
  const packagesRoot = await unpackGroup(lock, "rootfs");
  const tools = makeTools(toolsRoot, inputs.epoch);
  const kernel = await step("kernel and modules", async () =>
    makeKernel(await unpackGroup(lock, kernelGroups[profile]), profile, tools),
  );
  const made = new Map<Target, string>();
  if (hasStep(plan, "initramfs")) {
    const tree = await planInitramfs(packagesRoot, kernel);
    made.set("initramfs", await step("initramfs.img", () => makeInitramfs(tree, folder, tools)));
  }
  if (!hasStep(plan, "rootfs")) return { files: filesOf(plan, made) };

  await buildEngine(architecture);
  const { folder: agent, npmFolders } = await buildAgent(architecture);
  const images = await step("container images", () => writeSystemImages(folder, architecture, tools.epoch));
  const archives = await plainArchives(baked.images, folder);
  const rootParts = { packagesRoot, kernel, agent, version, epoch: tools.epoch };
  const rootfs = await planRootfs({ ...rootParts, images: images.archives, baked, archives });
  const { squashfs, verity } = await step("root.squashfs", () => makeRoot(rootfs, folder, tools));
  made.set("rootfs", squashfs);
  const initramfs = made.get("initramfs");
  if (!hasStep(plan, "manifest") || initramfs === undefined) return { files: filesOf(plan, made) };

  const release = { version, verity };
  const slot = planSlot({ vmlinuz: kernel.vmlinuz, initramfs, squashfs, release });
  if (plannedOutputs(plan).includes("disk")) checkSlotSize(slot);
  const parts = { slot, release, folder };
  for (const name of plannedOutputs(plan))
    made.set(name, await step(name, () => makeOutput(name, parts, tools)));
  const about = { inputs, lock, profile, version, kernelRelease: kernel.release, slot, npmFolders };
  await step("manifest", () => writeManifest(folder, { ...about, containerImages: images.digests }));

  const files = filesOf(plan, made);
  const diskImage = made.get("disk");
  if (diskImage === undefined) return { files };
  const image = describeDisk({ diskImage, release, profile, slot, kernel, initramfs, images });
  writeBuiltImage(folder, image);
  return { files, image };
}

/** The profile's kernel, held against what the system needs of one. */
async function makeKernel(root: string, profile: Profile, tools: Tools): Promise<Kernel> {
  const kernel = await prepareKernel(root, readWantedModules(profile), tools);
  const findings = auditKernel(readRequirements(profile), kernel.config, kernel.packed);
  for (const warning of checkFindings(findings)) log(`warning: ${warning}`);
  return kernel;
}

/** What was asked for, in that order. */
function filesOf({ targets }: BuildPlan, made: ReadonlyMap<Target, string>): string[] {
  return [...new Set(targets)].flatMap((target) => made.get(target) ?? []);
}

interface SlotParts {
  /** Host paths. */
  readonly vmlinuz: string;
  readonly initramfs: string;
  readonly squashfs: string;
  readonly release: ReleaseArgs;
}

function planSlot({ vmlinuz, initramfs, squashfs, release }: SlotParts): Tree {
  return makeTree([
    hostFile("vmlinuz", vmlinuz, 0o644),
    hostFile("initramfs.img", initramfs, 0o644),
    hostFile("root.squashfs", squashfs, 0o644),
    textFile("boot.cfg", slotBootConfig(release)),
  ]);
}

interface DiskParts {
  readonly diskImage: string;
  readonly release: ReleaseArgs;
  readonly profile: Profile;
  readonly slot: Tree;
  readonly kernel: Kernel;
  readonly initramfs: string;
  readonly images: SystemImages;
}

function describeDisk(parts: DiskParts): BuiltImage {
  const { diskImage, release, profile, slot, kernel, initramfs, images } = parts;
  return {
    diskImage,
    version: release.version,
    profile,
    imageId: sha256(digestTree(slot) + grubConfig()),
    dataOffsetBytes: findPartition(diskLayout, "KSOLODATA").startSector * SECTOR_BYTES,
    kernel: kernel.vmlinuz,
    initramfs,
    kernelArgs: networkKernelArgs(release),
    systemImages: images.archives,
    kubectl: buildPath("engine/kubectl"),
  };
}
