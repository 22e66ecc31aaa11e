// Which kernel an image has, and that kernel's configuration: Debian's kernels don't carry it, their packages do.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPartition, SECTOR_BYTES } from "../../disk/layout.ts";
import { UserError } from "../../lib/errors.ts";
import type { Tools } from "../../lib/locked-tools.ts";
import { findBootPartition } from "../boot-partition.ts";
import { prepareGroup } from "../debian/packages.ts";
import { hasIsoLabel, readImageFile } from "../image-kind.ts";
import { diskLayout } from "../outputs/disk.ts";
import { kernelGroups, PROFILES, type Profile } from "../profile.ts";

/** Of bzImage: Linux, Documentation/arch/x86/boot.rst, "kernel_version". */
const VERSION_POINTER = 0x20e;
const SETUP_START = 0x200;
const MAGIC = { at: 0x202, text: "HdrS" } as const;

export interface KernelOf {
  readonly release: string;
  readonly profile: Profile;
  /** The text of its configuration. */
  readonly config: string;
}

/** "6.12.117+deb13-cloud-amd64", from the first kilobytes of a vmlinuz; undefined when it is none. Pure. */
export function kernelRelease(vmlinuz: Buffer): string | undefined {
  if (vmlinuz.toString("latin1", MAGIC.at, MAGIC.at + MAGIC.text.length) !== MAGIC.text) return undefined;
  const start = vmlinuz.readUInt16LE(VERSION_POINTER) + SETUP_START;
  const [release] = vmlinuz.toString("latin1", start, start + 200).split(/[ \0]/);
  return release === "" ? undefined : release;
}

/** Of a disk image or an ISO of ours, or of a vmlinuz. */
export async function readKernelRelease(path: string, tools: Tools): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "kernel-of-"));
  try {
    const release = kernelRelease(readFileSync(await findKernel(path, folder, tools)));
    if (release !== undefined) return release;
    throw new UserError(`"${path}" has no kernel`, {
      hint: "kubesolo-os.img, kubesolo-os.iso or a vmlinuz has one",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The configuration of a kernel of the lock. */
export async function findKernelConfig(release: string): Promise<KernelOf> {
  for (const profile of PROFILES) {
    const boot = join(await prepareGroup(kernelGroups[profile]), "boot");
    const file = readdirSync(boot).find((name) => name === `config-${release}`);
    if (file !== undefined) return { release, profile, config: readFileSync(join(boot, file), "utf8") };
  }
  throw new UserError(`no package of the lock has the kernel ${release}`, {
    hint: "it is of another version of KubeSolo OS: check that one out",
  });
}

/** Host path of the kernel: taken out of the image, where it is one. */
async function findKernel(path: string, folder: string, tools: Tools): Promise<string> {
  const { kind } = readImageFile(path);
  const kernel = join(folder, "vmlinuz");
  if (kind === "iso" && hasIsoLabel(path)) {
    await tools.run(["xorriso", "-no_rc", "-osirrox", "on", "-indev", path, "-extract", "/vmlinuz", kernel]);
    return kernel;
  }
  if (kind !== "raw" || (await findBootPartition(path, tools)) === undefined) return path;
  const offset = findPartition(diskLayout, "KSOLOA").startSector * SECTOR_BYTES;
  await tools.run(["debugfs", "-R", `dump /vmlinuz ${kernel}`, `${path}?offset=${offset}`]);
  return kernel;
}
