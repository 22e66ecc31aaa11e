// The Debian kernel on this host: vmlinuz, and the chosen modules, uncompressed and indexed.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "../../lib/files.ts";
import type { Tools } from "../../lib/locked-tools.ts";
import { buildPath } from "../../lib/paths.ts";
import { type Entry, hostFile } from "../../tree/tree.ts";
import type { PackedModules } from "./audit.ts";
import { type ModuleIndex, modulesOfAliases, parseModuleIndex, planModules } from "./modules.ts";
import type { WantedModules } from "./wanted.ts";

export interface Kernel {
  /** "6.12.117+deb13-cloud-amd64" */
  readonly release: string;
  readonly vmlinuz: string;
  /** The text of its configuration. */
  readonly config: string;
  readonly packed: PackedModules;
  /** usr/lib/modules/RELEASE for each world, indexed by depmod. */
  readonly initramfsModules: readonly Entry[];
  readonly rootfsModules: readonly Entry[];
}

/** Chooses, unpacks and indexes the modules of the kernel unpacked under `root`. */
export async function prepareKernel(root: string, wanted: WantedModules, tools: Tools): Promise<Kernel> {
  const [release = ""] = readdirSync(join(root, "usr/lib/modules"));
  const folder = join(root, "usr/lib/modules", release);
  if (!existsSync(join(folder, "modules.dep"))) await tools.run(["depmod", "-b", join(root, "usr"), release]);
  const index = readModuleIndex(folder);
  const forRootfs = [...wanted.rootfs, ...modulesOfAliases(index, wanted.aliases)];
  const initramfs = await stageModules(folder, release, planModules(index, wanted.initramfs), tools);
  const rootfs = await stageModules(folder, release, planModules(index, forRootfs), tools);
  return {
    release,
    vmlinuz: join(root, "boot", `vmlinuz-${release}`),
    config: readFileSync(join(root, "boot", `config-${release}`), "utf8"),
    packed: { initramfs: initramfs.index, rootfs: rootfs.index },
    initramfsModules: initramfs.entries,
    rootfsModules: rootfs.entries,
  };
}

function readModuleIndex(folder: string): ModuleIndex {
  const read = (name: string) => readFileSync(join(folder, `modules.${name}`), "utf8");
  return parseModuleIndex({
    dep: read("dep"),
    softdep: read("softdep"),
    builtin: read("builtin"),
    alias: read("alias"),
  });
}

interface StagedModules {
  readonly entries: Entry[];
  /** Of these modules alone: what modprobe finds on the device. */
  readonly index: ModuleIndex;
}

/** Copies the modules out, uncompressed (BusyBox's modprobe reads them, squashfs packs them better), once. */
async function stageModules(
  folder: string,
  release: string,
  modules: readonly string[],
  tools: Tools,
): Promise<StagedModules> {
  const id = sha256(JSON.stringify([folder, modules])).slice(0, 12);
  const base = buildPath("cache/modules", id);
  if (!existsSync(base)) {
    const unfinished = `${base}.new`;
    const target = join(unfinished, "lib/modules", release);
    rmSync(unfinished, { recursive: true, force: true });
    for (const file of [...modules, "modules.builtin", "modules.order", "modules.builtin.modinfo"]) {
      mkdirSync(dirname(join(target, file)), { recursive: true });
      copyFileSync(join(folder, file), join(target, file));
    }
    await tools.run(["xz", "--decompress", ...modules.map((module) => join(target, module))]);
    await tools.run(["depmod", "-b", unfinished, release]);
    renameSync(unfinished, base);
  }
  const staged = join(base, "lib/modules", release);
  return { entries: moduleEntries(staged, release, modules), index: readModuleIndex(staged) };
}

/** The modules and the text indexes that BusyBox's modprobe reads. */
function moduleEntries(folder: string, release: string, modules: readonly string[]): Entry[] {
  const indexes = ["modules.dep", "modules.alias", "modules.builtin", "modules.symbols"];
  const files = [...modules.map((module) => module.replace(/\.xz$/, "")), ...indexes];
  return files.map((file) => hostFile(`usr/lib/modules/${release}/${file}`, join(folder, file), 0o644));
}
