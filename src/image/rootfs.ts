// The root file system as a tree: Debian's programs, our init, the engine and its images.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { partitionId } from "../disk/layout.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { formatVariant } from "../release/variant.ts";
import { hostFolder } from "../tree/host.ts";
import { directory, type Entry, hostFile, makeTree, symlink, type Tree, textFile } from "../tree/tree.ts";

import { AGENT_PROGRAMS } from "./agent.ts";
import { type BakedFiles, bakedEntries } from "./baked/baked.ts";
import { developmentFiles, developmentInittab } from "./development.ts";
import { CNI_PLUGINS } from "./engine.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Extra } from "./kernel/wanted.ts";
import { programsWithLibraries } from "./libraries.ts";
import type { Profile } from "./profile.ts";
import { timeZones } from "./timezones.ts";

const LIB = "usr/lib/kubesolo-os";
/** No other part of the root lies in these, nor are they in one: each is compressed apart, the one that changes least first. */
export const ENGINE_FOLDER = "engine";
export const SYSTEM_FOLDER = "system";
export const PROGRAMS = [
  ...["nft", "ntpd", "blkid", "sfdisk", "mke2fs", "e2fsck", "resize2fs", "filefrag"].map(
    (name) => `usr/sbin/${name}`,
  ),
  // Tells the kernel what sfdisk changed on a disk in use.
  "usr/bin/partx",
  // containerd loads its own profile with it, and people load theirs.
  "usr/sbin/apparmor_parser",
];

/** What profiles include; those of desktop programs, which the package has beside them, are of no use here. */
const APPARMOR_FOLDERS = [
  ...["abi", "abstractions", "tunables"].map((name) => `etc/apparmor.d/${name}`),
  ...["etc/apparmor", "usr/share/apparmor-features"],
];

/** What is mounted over, and what must be there to be mounted on. */
const MOUNT_POINTS = ["proc", "sys", "dev", "run", "tmp", "var", "data", "etc/kubesolo", "usr/local"];

export interface RootfsParts {
  /** Where the rootfs group is unpacked. */
  readonly packagesRoot: string;
  /** Where the groups ssh and nfs are; each taken only if `baked` has a key, or `extras` names it. */
  readonly sshRoot: string;
  readonly nfsRoot: string;
  readonly extras: readonly Extra[];
  readonly kernel: Kernel;
  /** Host path of the folder with the agent's programs. */
  readonly agent: string;
  readonly version: string;
  readonly profile: Profile;
  /** Of Kubernetes, such as "v1.37.2". */
  readonly kubernetes: string;
  readonly epoch: number;
  /** OCI archives that the engine loads before it starts pods: file name → host path. */
  readonly images: Readonly<Record<string, string>>;
  readonly baked: BakedFiles;
  /** Those of `baked`, without gzip: name → host path. */
  readonly archives: Readonly<Record<string, string>>;
}

export async function planRootfs(parts: RootfsParts): Promise<Tree> {
  const { packagesRoot, kernel, agent, epoch, images, baked, archives } = parts;
  // The lock has each library in one version: those of two groups are the same.
  const programs = new Map([
    ...(await addedFiles(parts)),
    ...(await programsWithLibraries(packagesRoot, PROGRAMS)),
  ]);
  return makeTree([
    ...["bin", "sbin", "lib", "lib64"].map((folder) => symlink(folder, `usr/${folder}`)),
    ...MOUNT_POINTS.map((path) => directory(path)),
    directory("root", 0o700),
    ...(await busybox(packagesRoot)),
    ...programs,
    ...APPARMOR_FOLDERS.flatMap((folder) => hostFolder(folder, join(packagesRoot, folder))),
    certificateBundle(packagesRoot),
    ...timeZones(packagesRoot),
    ...kernel.rootfsModules.map(([path, node]): Entry => [path.replace(/^usr\/lib/, SYSTEM_FOLDER), node]),
    symlink("usr/lib/modules", `../../${SYSTEM_FOLDER}/modules`),
    ...engineFiles(images),
    ...bakedEntries(LIB, baked, archives),
    ...AGENT_PROGRAMS.flatMap((name) => [
      hostFile(`${SYSTEM_FOLDER}/${name}`, join(agent, name)),
      symlink(`usr/bin/${name}`, `../../${SYSTEM_FOLDER}/${name}`),
    ]),
    hostFile("usr/sbin/init", sourcePath("init/init")),
    ...initFiles(),
    ...etcFiles(baked),
    ...runtimeLinks(),
    textFile(`${LIB}/epoch`, `${epoch}\n`),
    textFile(`${LIB}/factory-ids`, factoryIds()),
    textFile("etc/os-release", osRelease(parts)),
  ]);
}

/** BusyBox and a link for each of its commands; `busybox` itself is among the names it lists. */
export async function busybox(packagesRoot: string): Promise<Entry[]> {
  const program = join(packagesRoot, "usr/bin/busybox");
  const names = (await run([program, "--list"])).split("\n").filter((name) => name !== "");
  return [
    hostFile("usr/bin/busybox", program),
    ...names.filter((name) => name !== "busybox").map((name) => symlink(`usr/bin/${name}`, "busybox")),
    // The kernel asks for modules by this path.
    symlink("usr/sbin/modprobe", "../bin/busybox"),
  ];
}

/** PARTUUIDs of the slots of a disk that was written from an image and never booted. */
function factoryIds(): string {
  return `${partitionId("KSOLOA")}\n${partitionId("KSOLOB")}\n`;
}

/** What only some images have. */
async function addedFiles({ sshRoot, nfsRoot, baked, extras }: RootfsParts): Promise<Entry[]> {
  return [
    ...(baked.ssh === undefined ? [] : await developmentFiles(sshRoot, baked.ssh, LIB)),
    ...(extras.includes("nfs") ? await programsWithLibraries(nfsRoot, ["usr/sbin/mount.nfs"]) : []),
    ...(extras.includes("nfs") ? [symlink("usr/sbin/mount.nfs4", "mount.nfs")] : []),
  ];
}

function etcFiles({ ssh }: BakedFiles): Entry[] {
  const files = hostFolder("", sourcePath("rootfs"));
  if (ssh === undefined) return files;
  const inittab = developmentInittab();
  return [...files.filter(([path]) => path !== inittab[0]), inittab];
}

/** The stages, the services and what they share. */
function initFiles(): Entry[] {
  return ["stages", "services", "lib"].flatMap((name) =>
    hostFolder(`${LIB}/${name}`, sourcePath("init", name)),
  );
}

/**
 * The engine with all that it starts or loads; what the benchmark weighs. It has a folder of its own at the top, because
 * root-image.ts compresses that apart; from where programs are looked for, links lead there.
 */
export function engineFiles(images: RootfsParts["images"]): Entry[] {
  const file = (name: string, host = name) => hostFile(`${ENGINE_FOLDER}/${name}`, buildPath("engine", host));
  return [
    file("kubesolo"),
    ...["containerd-shim-runc-v2", "runc"].map((name) => file(`bin/${name}`, name)),
    file("cni/plugins"),
    ...CNI_PLUGINS.map((name) => symlink(`${ENGINE_FOLDER}/cni/${name}`, "plugins")),
    ...Object.entries(images).map(([name, path]) => hostFile(`${ENGINE_FOLDER}/images/${name}`, path, 0o644)),
    symlink("usr/bin/kubesolo", `../../${ENGINE_FOLDER}/kubesolo`),
    symlink("usr/bin/kubectl", "kubesolo"),
    ...["bin", "cni", "images"].map((name) => symlink(`${LIB}/${name}`, `../../../${ENGINE_FOLDER}/${name}`)),
  ];
}

/** Files of /etc that change while the system runs lie on /run. */
function runtimeLinks(): Entry[] {
  return [
    symlink("etc/resolv.conf", "/run/resolv.conf"),
    symlink("etc/hostname", "/run/hostname"),
    symlink("etc/machine-id", "/run/machine-id"),
    // Networks and plugins that people install, kept on the data partition.
    symlink("etc/cni", "/var/lib/kubesolo/cni"),
    symlink("opt/cni", "/var/lib/kubesolo/cni"),
    // The same for containerd's drop-ins, and for what it is told of devices by CDI.
    symlink("etc/containerd", "/var/lib/kubesolo/etc-containerd"),
    symlink("etc/cdi", "/var/lib/kubesolo/etc-cdi"),
    // Leads to a zone when the node's configuration names one; else the clock shows UTC.
    symlink("etc/localtime", "/run/localtime"),
    // Those that the node's configuration trusts may be among them.
    symlink("etc/ssl/certs/ca-certificates.crt", "/run/ca-certificates.crt"),
    symlink("etc/mtab", "/proc/self/mounts"),
  ];
}

/** Debian's certificate authorities in one file, as its update-ca-certificates would write it. */
function certificateBundle(packagesRoot: string): Entry {
  const folder = join(packagesRoot, "usr/share/ca-certificates/mozilla");
  const certificates = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return textFile("usr/share/ca-certificates/ca-certificates.crt", certificates.join(""));
}

function osRelease({
  version,
  profile,
  kubernetes,
  baked,
  extras,
}: Pick<RootfsParts, "version" | "profile" | "kubernetes" | "baked" | "extras">): string {
  const isDevelopment = baked.ssh !== undefined;
  const fields = {
    NAME: "KubeSolo OS",
    ID: "kubesolo-os",
    VERSION_ID: version,
    ...(isDevelopment && { VARIANT: "Development image with SSH" }),
    VARIANT_ID: formatVariant({ profile, isDevelopment }),
    KUBERNETES_VERSION: kubernetes,
    ...(extras.length > 0 && { EXTRAS: extras.join(" ") }),
    PRETTY_NAME: `KubeSolo OS ${version}`,
  };
  return Object.entries(fields)
    .map(([key, value]) => `${key}="${value}"\n`)
    .join("");
}
