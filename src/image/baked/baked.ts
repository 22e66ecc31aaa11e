// What is baked into an image besides the system, so that a node never needs a network: archives, manifests, a configuration,
// and whose updates it takes.
// Pure.
import { basename } from "node:path";
import { sourcePath } from "../../lib/paths.ts";
import { type Entry, hostFile } from "../../tree/tree.ts";

/** Host paths, as given on the command line. */
export interface BakedFiles {
  readonly images: readonly string[];
  readonly manifests: readonly string[];
  readonly config?: string;
  /** keys.json: whose updates the device takes. */
  readonly updateKeys?: string;
  /** KEY.pub: whoever has its private half logs in as root. */
  readonly ssh?: string;
  /** It can be made to fail, for tests. */
  readonly faults?: true;
}

/** Below the repository. */
const FAULTS = "init/faults/faults.sh";

export const NOTHING_BAKED: BakedFiles = { images: [], manifests: [] };

export function bakedPaths({ images, manifests, config, updateKeys, ssh, faults }: BakedFiles): string[] {
  const more = [config, updateKeys, ssh, faults && FAULTS].filter((path) => path !== undefined);
  return [...images, ...manifests, ...more];
}

export function isAnythingBaked(baked: BakedFiles): boolean {
  return bakedPaths(baked).length > 0;
}

/** An archive's name in the image; it lies there without gzip, which squashfs' own compression beats. */
export function imageArchiveName(path: string): string {
  return basename(path).replace(/\.tgz$|\.tar\.gz$/, ".tar");
}

/** Why these names can't lie in one folder of the image. */
export function nameProblems({ images, manifests }: BakedFiles): string[] {
  const archives = images.map(imageArchiveName);
  return [
    ...images.filter((path) => !imageArchiveName(path).endsWith(".tar")).map(notNamedTar),
    ...repeated(archives),
    ...repeated(manifests.map((path) => basename(path))),
  ];
}

/**
 * Where the engine and the agent look. `archives` are plain tar files: name → host path. They have a folder of their own, as
 * the engine's is compressed apart and kept for the next build.
 */
export function bakedEntries(
  folder: string,
  { manifests, config, updateKeys, faults }: BakedFiles,
  archives: Readonly<Record<string, string>>,
): Entry[] {
  return [
    ...Object.entries(archives).map(([name, path]) => hostFile(`${folder}/archives/${name}`, path, 0o644)),
    ...manifests.map((path) => hostFile(`${folder}/manifests/${basename(path)}`, path, 0o644)),
    // A password may be in it.
    ...(config === undefined ? [] : [hostFile(`${folder}/cloud-init/user-data`, config, 0o600)]),
    ...(updateKeys === undefined ? [] : [hostFile(`${folder}/update-keys.json`, updateKeys, 0o644)]),
    ...faultEntries(faults),
  ];
}

/** What has the scripts of init, and the agent, fail on purpose. */
export function faultEntries(faults: BakedFiles["faults"]): Entry[] {
  return faults ? [hostFile("usr/lib/kubesolo-os/lib/faults.sh", sourcePath(FAULTS), 0o644)] : [];
}

function notNamedTar(path: string): string {
  return `"${basename(path)}" isn't named .tar, .tar.gz or .tgz`;
}

function repeated(names: readonly string[]): string[] {
  const again = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(again)].map((name) => `"${name}" is there twice`);
}
