// Which disk an installation goes to, or why to none. Pure; each case is a row in choose.test.ts.
import { DISK_MIB, type PartitionName } from "../../release/partitions.ts";
import type { InstallWish } from "../cloud-init/actions.ts";
import { type Disk, describeDisk } from "./disks.ts";

export type InstallChoice =
  | { readonly is: "disk"; readonly disk: Disk }
  /** This system is on it: a second time isn't wished for. */
  | { readonly is: "installed"; readonly disk: Disk }
  | { readonly is: "refused"; readonly why: string; readonly hint: string };

const OURS: readonly PartitionName[] = ["KSOLOEFI", "KSOLOA", "KSOLOB"];

export function chooseDisk(disks: readonly Disk[], wish: InstallWish): InstallChoice {
  const { disk: named, minSizeBytes = 0 } = wish;
  const meant = disks.filter(
    (disk) => (named === undefined || isNamed(disk, named)) && disk.sizeBytes >= minSizeBytes,
  );
  const installed = meant.filter(isInstalled);
  if (installed[0] !== undefined && installed.length === meant.length)
    return { is: "installed", disk: installed[0] };
  const fitting = meant.filter((disk) => whyNot(disk, wish) === undefined);
  const [disk, ...more] = fitting;
  if (disk !== undefined && more.length === 0) {
    return named === undefined && installed[0] !== undefined
      ? { is: "installed", disk: installed[0] }
      : { is: "disk", disk };
  }
  if (disk !== undefined)
    return refused(
      `several disks fit: ${fitting.map(({ name }) => name).join(", ")}`,
      "kubesolo.install.disk says which",
    );
  const reasons = meant.map((each) => `${each.name} ${whyNot(each, wish)}`);
  if (reasons.length > 0)
    return refused(reasons.join("; "), "erase: true takes a disk that holds something; `wipefs` empties one");
  return refused(
    `no disk ${named === undefined ? "" : `"${named}" `}of the size wished for`.replace("  ", " "),
    `there ${disks.length === 0 ? "is none" : `are: ${disks.map(describeDisk).join(" | ")}`}`,
  );
}

/** Why this disk can't be taken; undefined when it can. */
export function whyNot(disk: Disk, { isErased }: InstallWish): string | undefined {
  const { isReadOnly, isUsed, sizeBytes, sectorBytes, holds } = disk;
  if (isInstalled(disk)) return "has this system already";
  if (isReadOnly) return "can't be written to";
  if (isUsed) return "is in use";
  if (sectorBytes !== 512)
    return `has sectors of ${sectorBytes} bytes, which the boot loader's table doesn't count`;
  if (sizeBytes < DISK_MIB * 2 ** 20) return `is smaller than ${DISK_MIB} MiB`;
  if (holds.length > 0 && !isErased) return `holds ${holds.join(", ")}`;
  return undefined;
}

function isInstalled({ holds }: Disk): boolean {
  return OURS.every((name) => holds.includes(name));
}

/** "sda", "/dev/sda", a serial number, or a beginning of one with "*". */
export function isNamed({ name, ids }: Disk, named: string): boolean {
  if (named === name || named === `/dev/${name}`) return true;
  return ids.some((id) => isLike(id, named));
}

/** A "*" is any letters. Each part where it is first found: many stars, as one pattern, would take forever. */
function isLike(id: string, named: string): boolean {
  const [first = "", ...parts] = named.split("*");
  const last = parts.pop();
  if (last === undefined) return id === named;
  if (!id.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = id.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return id.length - last.length >= at && id.endsWith(last);
}

function refused(why: string, hint: string): InstallChoice {
  return { is: "refused", why, hint };
}
