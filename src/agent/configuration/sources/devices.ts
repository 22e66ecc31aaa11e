// Block devices by what is written on them, as `blkid -o export` prints them. Pure.

import { ISO_LABEL, type PartitionName } from "../../../release/partitions.ts";

export interface Device {
  /** "/dev/sr0" */
  readonly path: string;
  /** LABEL, TYPE, PARTLABEL, … */
  readonly values: Readonly<Record<string, string>>;
}

/** For people: "CIDATA (/dev/sr0)". */
export function describeDevice({ path, values }: Device): string {
  return `${values["LABEL"] ?? values["PARTLABEL"] ?? "volume"} (${path})`;
}

/** Blocks of KEY=VALUE lines; characters that are unsafe for a shell have a backslash before them. */
export function parseDevices(printed: string): Device[] {
  return printed.split(/\n\n+/).flatMap((block) => {
    const pairs = block.split("\n").flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).replace(/\\(.)/g, "$1")] as const];
    });
    const { DEVNAME: path, ...values } = Object.fromEntries(pairs);
    return path === undefined ? [] : [{ path, values }];
  });
}

/** NoCloud's volumes, by the path of their device: the same one first at each boot. */
export function noCloudVolumes(devices: readonly Device[]): Device[] {
  return sorted(devices.filter(({ values }) => values["LABEL"]?.toUpperCase() === "CIDATA"));
}

const BOOT_PARTITION: PartitionName = "KSOLOEFI";

/**
 * What our own medium may have a configuration on: the boot partition of the disk that the system runs from ("vda"), or the ISO;
 * another disk's is never asked.
 */
export function bootVolume(devices: readonly Device[], bootDisk: string): Device | undefined {
  return (
    devices.find(
      ({ path, values }) => values["PARTLABEL"] === BOOT_PARTITION && isPartitionOf(bootDisk, path),
    ) ?? devices.find(({ path, values }) => values["LABEL"] === ISO_LABEL && path === `/dev/${bootDisk}`)
  );
}

/** "vda", "/dev/vda2"; "nvme0n1", "/dev/nvme0n1p2" */
export function isPartitionOf(disk: string, path: string): boolean {
  return disk !== "" && path.startsWith(`/dev/${disk}`) && /^p?\d+$/.test(path.slice(`/dev/${disk}`.length));
}

/** "LABEL=STICK", "/dev/sdb1" */
export function matchingDevice(devices: readonly Device[], spec: string): Device | undefined {
  if (spec.startsWith("/dev/")) return devices.find(({ path }) => path === spec);
  const at = spec.indexOf("=");
  const [key, value] = [spec.slice(0, at), spec.slice(at + 1)];
  return sorted(devices.filter(({ values }) => values[key] === value))[0];
}

function sorted(devices: readonly Device[]): Device[] {
  return [...devices].sort((a, b) => (a.path < b.path ? -1 : 1));
}
