// How worn and how well the disks are, as far as the kernel tells: for a support bundle and for metrics.
import { isHostFailure, readIfThere } from "./expected.ts";
import type { Host } from "./host.ts";

export interface DiskHealth {
  readonly name: string;
  readonly model: string;
  readonly sizeBytes: number;
  /** eMMC's estimates for its two kinds of memory, in tenths of its life that are used up; 11: more than all. */
  readonly usedTenths: readonly number[];
  /** eMMC's reserved blocks: 1 enough, 2 four fifths are used up, 3 nine tenths. */
  readonly reserve?: number;
  readonly writtenBytes: number;
}

export interface FileSystemHealth {
  /** "vda5" */
  readonly device: string;
  /** Counted by ext4 in its superblock, until fsck mends it. */
  readonly errors: number;
  readonly writtenBytes: number;
}

const BLOCK = "/sys/block";
const EXT4 = "/sys/fs/ext4";
const SECTOR_BYTES = 512;

export function readDiskHealth(host: Host): DiskHealth[] {
  const names = listed(host, BLOCK).filter((name) => host.stat(`${BLOCK}/${name}/device`) !== undefined);
  return names.map((name) => {
    const fact = (path: string) => readFact(host, `${BLOCK}/${name}/${path}`);
    const reserve = Number(fact("device/pre_eol_info"));
    return {
      name,
      model: fact("device/model") || fact("device/name"),
      sizeBytes: Number(fact("size")) * SECTOR_BYTES,
      usedTenths: parseLifeTime(fact("device/life_time")),
      ...(reserve > 0 ? { reserve } : {}),
      // The seventh number: sectors written (kernel: Documentation/block/stat.rst).
      writtenBytes: Number(fact("stat").split(/\s+/)[6] ?? 0) * SECTOR_BYTES,
    };
  });
}

export function readFileSystemHealth(host: Host): FileSystemHealth[] {
  const devices = listed(host, EXT4).filter(
    (name) => host.stat(`${EXT4}/${name}/errors_count`) !== undefined,
  );
  return devices.map((device) => ({
    device,
    errors: Number(readFact(host, `${EXT4}/${device}/errors_count`)),
    writtenBytes: Number(readFact(host, `${EXT4}/${device}/lifetime_write_kbytes`)) * 1024,
  }));
}

/** Two numbers in hexadecimal; 0 stands for nothing known (JEDEC JESD84-B51, EXT_CSD 268 and 269). Pure. */
export function parseLifeTime(text: string): number[] {
  return text
    .split(/\s+/)
    .map(Number)
    .filter((tenths) => tenths >= 1 && tenths <= 11);
}

/** A line for each, as a person reads it. Pure. */
export function describeDiskHealth(
  disks: readonly DiskHealth[],
  fileSystems: readonly FileSystemHealth[],
): string {
  const rows = [
    ...disks.map(({ name, model, sizeBytes, usedTenths, reserve, writtenBytes }) => {
      const wear =
        usedTenths.length === 0 ? "not told" : usedTenths.map((tenths) => `${tenths * 10}%`).join(" ");
      const spare = reserve === undefined ? "" : `, reserve ${reserve} of 3`;
      const written = `${Math.round(writtenBytes / 2 ** 20)} MiB written since power-on`;
      return `disk ${name}: ${model || "no model"}, ${Math.round(sizeBytes / 2 ** 20)} MiB, life used: ${wear}${spare}, ${written}`;
    }),
    ...fileSystems.map(
      ({ device, errors, writtenBytes }) =>
        `file system on ${device}: ${errors} errors, ${Math.round(writtenBytes / 2 ** 20)} MiB written in its life`,
    ),
  ];
  return rows.map((row) => `${row}\n`).join("");
}

function readFact(host: Host, path: string): string {
  try {
    return readIfThere(host, path, 4096)?.trim() ?? "";
  } catch (error) {
    // A disk that is failing may not even tell this.
    if (isHostFailure(error)) return "";
    throw error;
  }
}

/** In /sys, folders are links to folders. */
function listed(host: Host, path: string): string[] {
  try {
    return host.list(path);
  } catch (error) {
    if (isHostFailure(error)) return [];
    throw error;
  }
}
