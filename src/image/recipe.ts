// The recipe: every step there is, from locked inputs to bootable outputs. Read it top to bottom. Each row says what it is made
// from and what it leaves; plan.ts picks those that are due, and build.ts carries them out. Pure, but for what `make` does.
import { join } from "node:path";
import { readFileSum } from "../lib/file-sum.ts";
import { makeTools } from "../lib/locked-tools.ts";
import { repository } from "../lib/paths.ts";
import { buildAgent } from "./agent.ts";
import { plainArchives } from "./baked/archives.ts";
import { bakedPaths } from "./baked/baked.ts";
import type { BuildConfig } from "./config.ts";
import { preparePackages } from "./debian/packages.ts";
import { writeDiskRecord } from "./disk-record.ts";
import { buildEngine, readKubernetesVersion } from "./engine.ts";
import { planInitramfs } from "./initramfs.ts";
import { makeAuditedKernel } from "./kernel/audited-kernel.ts";
import { writeManifest } from "./manifest/write.ts";
import { makeOutput } from "./outputs/make.ts";
import { OUTPUT_NAMES, type OutputName, outputs } from "./outputs/outputs.ts";
import { kernelGroups } from "./profile.ts";
import { makeInitramfs, makeRoot } from "./root-image.ts";
import { planRootfs } from "./rootfs.ts";
import { planSlot, type SlotPart } from "./slot.ts";
import { buildStep, type Step } from "./step.ts";
import { SYSTEM_ARCHIVES, writeSystemImages } from "./system-images.ts";

export function buildSteps(config: BuildConfig): Step[] {
  const { profile, architecture, version, sequence, minCompatibleVersion, epoch, baked, extras } = config;
  const folder = join(repository, config.folder);
  const made = (name: string) => `${config.folder}/${name}`;
  const forArchitecture = (name: string) => (architecture === "amd64" ? name : `${name}-${architecture}`);
  const engineFolder = forArchitecture("build/engine");
  const agentFolder = forArchitecture("build/agent");
  const slotFiles = [made("initramfs.img"), made("root.squashfs")];
  const kernelGroup = kernelGroups[profile];
  const sysroot = `sysroot-${architecture}` as const;
  const tools = (root: string) => makeTools(root, epoch);

  return [
    buildStep({
      name: "packages",
      reads: ["inputs/debian.json", "inputs/debian.lock.json"],
      makes: ["build/cache/debian", "build/cache/apt", "build/cache/roots"],
      make: ({ groups, say }) => preparePackages(groups, say),
    }),
    buildStep({
      name: "kernel",
      packages: [kernelGroup, "tools"],
      reads: ["inputs/modules.json", "inputs/kernel-options.json"],
      makes: ["build/cache/modules"],
      make: ({ roots }) => makeAuditedKernel(roots[kernelGroup], profile, extras, tools(roots.tools)),
    }),
    buildStep({
      name: "initramfs",
      needs: ["kernel"],
      packages: ["rootfs", "tools"],
      reads: ["init"],
      makes: ["initramfs.img", "initramfs-base.cpio", "initramfs-base.cpio.zst"].map(made),
      make: async ({ kernel, roots }) =>
        makeInitramfs(await planInitramfs(roots.rootfs, kernel, baked), folder, tools(roots.tools)),
    }),
    buildStep({
      name: "engine",
      packages: [sysroot],
      reads: ["engine", "package.json"],
      makes: [engineFolder, "build/workspace"],
      make: () => buildEngine(architecture),
    }),
    buildStep({
      name: "agent",
      // What compiles its scripts runs here.
      packages: [sysroot, "sysroot-amd64"],
      reads: ["src/agent", "src/release", "runtime", "package.json"],
      makes: [agentFolder, "build/tools", "runtime/bundle"],
      make: () => buildAgent(architecture),
    }),
    buildStep({
      name: "images",
      needs: ["engine"],
      reads: [engineFolder],
      makes: SYSTEM_ARCHIVES.map(made),
      make: () => writeSystemImages(folder, architecture, epoch),
    }),
    buildStep({
      name: "rootfs",
      needs: ["kernel", "engine", "agent", "images"],
      packages: [
        ...(["rootfs", "tools"] as const),
        ...(baked.ssh === undefined ? [] : (["ssh"] as const)),
        ...(extras.includes("nfs") ? (["nfs"] as const) : []),
      ],
      reads: [
        "init",
        "rootfs",
        "engine/go.mod",
        engineFolder,
        agentFolder,
        ...SYSTEM_ARCHIVES.map(made),
        ...bakedPaths(baked),
      ],
      makes: [
        ...["root.squashfs", "system.squashfs"].map(made),
        ...(baked.images.length > 0 ? [made("baked")] : []),
        "build/cache/squashfs",
      ],
      make: async ({ kernel, agent, images, roots }) => {
        const archives = await plainArchives(baked.images, folder);
        const added = { agent: agent.folder, images: images.archives, baked, archives };
        const tree = await planRootfs({
          packagesRoot: roots.rootfs,
          sshRoot: roots.ssh,
          nfsRoot: roots.nfs,
          extras,
          kernel,
          version,
          profile,
          kubernetes: await readKubernetesVersion(),
          epoch,
          ...added,
        });
        return makeRoot(tree, folder, tools(roots.tools));
      },
    }),
    buildStep({
      name: "slot",
      needs: ["kernel", "initramfs", "rootfs"],
      packages: [kernelGroup],
      reads: [...slotFiles, "engine/go.mod", "package.json"],
      // As data: each output writes it in its own way.
      makes: [],
      make: async ({ kernel: { vmlinuz }, initramfs, rootfs: { squashfs, verity } }) =>
        planSlot({
          vmlinuz: await readSlotPart(vmlinuz),
          initramfs: await readSlotPart(initramfs),
          squashfs: await readSlotPart(squashfs),
          release: { version, verity },
          facts: {
            ...{ sequence, architecture, profile, min_compatible_version: minCompatibleVersion },
            kubernetes: await readKubernetesVersion(),
          },
        }),
    }),
    ...OUTPUT_NAMES.map(outputStep),
    buildStep({
      name: "manifest",
      needs: ["kernel", "engine", "agent", "images", "slot"],
      follows: OUTPUT_NAMES,
      reads: ["inputs/debian.lock.json", "package-lock.json", engineFolder, agentFolder, ...slotFiles],
      makes: [
        ...["manifest.json", "sbom.spdx.json"].map(made),
        "build/tools",
        "build/cache/go-licences.json",
      ],
      make: ({ kernel, agent, images, slot }) =>
        writeManifest(folder, { profile, version, baked, extras, kernel, agent, images, slot }),
    }),
    buildStep({
      name: "record",
      needs: ["kernel", "initramfs", "images", "slot", "disk"],
      follows: ["disk"],
      reads: slotFiles,
      makes: [made("image.json")],
      make: (parts) => writeDiskRecord(folder, { profile, ...parts }),
    }),
  ];

  /** One of the table outputs.ts. */
  function outputStep(name: OutputName): Step {
    const { file, from } = outputs[name];
    return buildStep({
      name,
      needs: from === undefined ? ["slot"] : ["slot", from],
      packages: ["tools"],
      reads: from === undefined ? slotFiles : [made(outputs[from].file)],
      makes: [made(file), made(`${file}.sha256`)],
      make: ({ slot, roots }) =>
        makeOutput(name, { slot: slot.tree, release: slot.release, sequence, folder }, tools(roots.tools)),
    });
  }
}

async function readSlotPart(hostPath: string): Promise<SlotPart> {
  return { hostPath, ...(await readFileSum(hostPath)) };
}
