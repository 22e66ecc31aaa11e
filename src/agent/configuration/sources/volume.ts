// A volume with a configuration: mounted read-only, read, let go. What is on a stick is a stranger's: nothing on it can be
// run or is a device, and every file has a limit.

import { MAX_SOURCE_BYTES, SOURCE_KINDS, type SourceKind } from "../../cloud-init/source.ts";
import { attempt, isHostFailure, listIfThere, readIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";
import { type Device, describeDevice, parseDevices } from "./devices.ts";
import { knownDevices, parseUevent, planProbe } from "./kernel-devices.ts";
import type { Found, Source, SourcePlace } from "./source.ts";
import { decodeText } from "./text.ts";

const OPTIONS = "ro,nosuid,nodev,noexec";
/** What may hold a configuration, and how each is mounted. `noload`: a journal isn't replayed on what is only read. */
const FILE_SYSTEMS: Readonly<Record<string, string>> = {
  iso9660: OPTIONS,
  vfat: OPTIONS,
  ext2: OPTIONS,
  ext3: `${OPTIONS},noload`,
  ext4: `${OPTIONS},noload`,
};

/** All that is there, and what is on it. Reads the disks each time: nobody keeps a cache up to date here. */
export function readDevices(host: Host, paths: readonly string[] = []): Device[] {
  const args = ["blkid", "-c", "/dev/null", "-o", "export", ...paths];
  // Exit code 2: there is none.
  return parseDevices(host.run(args, { timeoutMs: 20_000 }).stdout);
}

/** Those that a configuration may be on without being named: the boot partition, and what isn't ours. */
export function readCandidates(host: Host, bootDisk: string): Device[] {
  const devices = listIfThere(host, BLOCK_DEVICES).flatMap(
    (name) => parseUevent(readIfThere(host, `${BLOCK_DEVICES}/${name}/uevent`, 4096) ?? "") ?? [],
  );
  if (devices.length === 0) return readDevices(host);
  const paths = planProbe(devices, bootDisk);
  return [...knownDevices(devices, bootDisk), ...(paths.length === 0 ? [] : readDevices(host, paths))];
}

const BLOCK_DEVICES = "/sys/class/block";

/** Which file of a volume is what; the first is what it is about and has to be there. */
export type VolumeFiles = readonly (readonly [SourceKind, string])[];

/** NoCloud's names in a folder of a volume. */
export function noCloudFiles(folder = ""): VolumeFiles {
  return SOURCE_KINDS.map((kind) => [kind, `${folder}/${kind}`] as const);
}

/**
 * Mounts the device and reads from it; it stays mounted for those who apply what was found, until closeVolume. Undefined
 * when its first file isn't there.
 */
export function readVolume(
  host: Host,
  device: Device,
  place: SourcePlace,
  files: VolumeFiles,
): Found | undefined {
  const origin = describeDevice(device);
  const unusable = (problem: string): Found => ({
    place,
    origin,
    sources: [],
    problems: [`${origin}: ${problem}`],
  });
  const type = device.values["TYPE"] ?? "no file system";
  const options = FILE_SYSTEMS[type];
  if (options === undefined)
    return unusable(`holds ${type}, not one of ${Object.keys(FILE_SYSTEMS).join(", ")}`);

  host.makeDirectory(places.volume);
  const mounted = host.run(["mount", "-t", type, "-o", options, device.path, places.volume], {
    timeoutMs: 20_000,
  });
  if (mounted.exitCode !== 0) return unusable(`cannot mount it: ${mounted.stderr.trim()}`);
  try {
    const sources = files.flatMap(([kind, path]) =>
      readSource(host, kind, path, `${origin} ${path.slice(1)}`),
    );
    const misnamed = misnamedFiles(host, files);
    if (sources[0]?.kind === files[0]?.[0])
      return { place, origin, sources, problems: [], warnings: misnamed.map((each) => `${origin}: ${each}`) };
    closeVolume(host);
    return misnamed.length > 0 ? unusable(misnamed.join("; ")) : undefined;
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    closeVolume(host);
    return unusable(`cannot read it: ${error.message}`);
  }
}

/** The folder goes, too: it is there while a volume is. */
export function closeVolume(host: Host): void {
  if (host.stat(places.volume) === undefined) return;
  // Where the mount failed, umount says that there is none, and that is fine.
  host.run(["umount", places.volume], { timeoutMs: 20_000 });
  // What is still mounted stays where it is; it does no harm.
  attempt("the volume's folder", () => {
    host.remove(places.volume);
    return [];
  });
}

/** A link could lead anywhere on the device. */
function readSource(host: Host, kind: SourceKind, path: string, name: string): Source[] {
  const file = `${places.volume}${path}`;
  if (host.stat(file)?.kind !== "file") return [];
  return [{ kind, name, text: decodeText(host, host.readBytes(file, MAX_SOURCE_BYTES)) }];
}

/** What somebody took for one of NoCloud's files: an editor's ending, which is often not shown; a link, a folder. */
function misnamedFiles(host: Host, files: VolumeFiles): string[] {
  // One that the command line names may have any name.
  if (files.length < SOURCE_KINDS.length) return [];
  const [, first = ""] = files[0] ?? [];
  const folder = `${places.volume}${first.slice(0, first.lastIndexOf("/"))}`;
  return listIfThere(host, folder).flatMap((name) => {
    const kind = SOURCE_KINDS.find((each) =>
      name.toLowerCase().replace(/[-_ ]/g, "").startsWith(each.replace("-", "")),
    );
    if (kind === undefined) return [];
    // FAT knows no capitals: there, USER-DATA was read as user-data.
    if (name.toLowerCase() !== kind) return [`"${name}" isn't read: its name has to be "${kind}"`];
    const isFile = host.stat(`${folder}/${name}`)?.kind === "file";
    return isFile ? [] : [`"${name}" isn't read: it is no plain file`];
  });
}
