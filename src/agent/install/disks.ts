// The disks of this machine, from what the kernel tells of them: /sys/block.
import { isHostFailure, readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";

export interface Disk {
  /** "nvme0n1" */
  readonly name: string;
  readonly sizeBytes: number;
  readonly sectorBytes: number;
  readonly isReadOnly: boolean;
  readonly model?: string;
  /** Serial number and WWN, as far as it has them. */
  readonly ids: readonly string[];
  /** Whether something of it is mounted or otherwise used. */
  readonly isUsed: boolean;
  /** What is on it: names of partitions, types of file systems; nothing for one that was never used. */
  readonly holds: readonly string[];
}

const BLOCK = "/sys/block";
const SYS_SECTOR_BYTES = 512;
/** Where a partition table is, and its copy; partitions begin behind. */
const EDGE_BYTES = 2 ** 20;

/** But for the one that the system was started from, and what is no disk. */
export function readDisks(host: Host, bootDisk: string): Disk[] {
  const mounts = readIfThere(host, "/proc/mounts", 256 * 1024) ?? "";
  const swaps = readIfThere(host, "/proc/swaps", 64 * 1024) ?? "";
  return listFolder(host, BLOCK)
    .filter((name) => name !== bootDisk && isDisk(host, name))
    .map((name) => readDisk(host, name, mounts + swaps))
    .filter(({ sizeBytes }) => sizeBytes > 0);
}

/** Hardware is below it, and no CD, no part of another device and nothing of the flash's own, such as mmcblk0boot0. */
function isDisk(host: Host, name: string): boolean {
  return (
    host.stat(`${BLOCK}/${name}/device`) !== undefined &&
    !/^(sr|fd|mtdblock)\d|^mmcblk\d+(boot|rpmb)/.test(name)
  );
}

function readDisk(host: Host, name: string, used: string): Disk {
  const fact = (path: string) => readIfThere(host, `${BLOCK}/${name}/${path}`, 4096)?.trim() || undefined;
  const parts = listFolder(host, `${BLOCK}/${name}`).filter((each) => each.startsWith(name));
  const holders = [`${BLOCK}/${name}`, ...parts.map((part) => `${BLOCK}/${name}/${part}`)].flatMap((folder) =>
    listFolder(host, `${folder}/holders`),
  );
  const model = fact("device/model") ?? fact("device/name");
  const sizeBytes = Number(fact("size") ?? 0) * SYS_SECTOR_BYTES;
  return {
    name,
    sizeBytes,
    sectorBytes: Number(fact("queue/logical_block_size") ?? SYS_SECTOR_BYTES),
    isReadOnly: fact("ro") === "1",
    ...(model !== undefined && { model }),
    ids: [
      fact("serial"),
      fact("device/serial"),
      fact("wwid"),
      fact("device/wwid"),
      fact("device/cid"),
    ].filter((id) => id !== undefined),
    isUsed:
      holders.length > 0 || [name, ...parts].some((each) => new RegExp(`^/dev/${each} `, "m").test(used)),
    holds: contents(host, name, parts, sizeBytes),
  };
}

/** Empty for a disk without partitions, file systems, and bytes where a table would be. */
function contents(host: Host, name: string, parts: readonly string[], sizeBytes: number): string[] {
  const named = parts.map((part) => {
    const uevent = readIfThere(host, `${BLOCK}/${name}/${part}/uevent`, 4096) ?? "";
    return /^PARTNAME=(.+)$/m.exec(uevent)?.[1] ?? part;
  });
  if (named.length > 0) return named;
  const probe = host.run(["blkid", "-p", "-o", "value", "-s", "TYPE", "-s", "PTTYPE", `/dev/${name}`], {
    timeoutMs: 20_000,
  });
  // 2: nothing is known; 8: several kinds, blkid(8).
  if (probe.exitCode !== 2) return [probe.stdout.trim().split("\n").join(", ") || "something"];
  if (sizeBytes < 2 * EDGE_BYTES) return [];
  try {
    const isEmpty = [0, sizeBytes - EDGE_BYTES].every((at) =>
      host.readBlocks(`/dev/${name}`, at, EDGE_BYTES).every((byte) => byte === 0),
    );
    return isEmpty ? [] : ["bytes of no known kind"];
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    return ["what can't be read"];
  }
}

/** In /sys, folders are links to folders. */
function listFolder(host: Host, path: string): string[] {
  try {
    return host.list(path);
  } catch (error) {
    if (isHostFailure(error)) return [];
    throw error;
  }
}

/** A line for a person: "nvme0n1  238.5 GiB  Samsung SSD, S4EV…; holds KSOLOEFI, …". Pure. */
export function describeDisk({ name, sizeBytes, model, ids, holds }: Disk): string {
  const facts = [model, ids[0]].filter((fact) => fact !== undefined).join(", ");
  return [
    `${name}  ${(sizeBytes / 2 ** 30).toFixed(1)} GiB`,
    ...(facts === "" ? [] : [facts]),
    holds.length === 0 ? "empty" : `holds ${holds.join(", ")}`,
  ].join("  ");
}
