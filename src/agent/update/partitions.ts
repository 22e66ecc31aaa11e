// The partitions of the disk that the running system is on.
import { type PartitionName, partitionNumber } from "../../release/partitions.ts";
import { parseUevent } from "../configuration/sources/kernel-devices.ts";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { UpdateFailure } from "./failure.ts";

/** Its device, such as "/dev/vda4"; throws when the running system is on no disk of ours. */
export function partitionDevice(host: Host, name: PartitionName): string {
  const disk = (readIfThere(host, places.bootDisk, 256) ?? "").trim();
  if (disk === "")
    throw new UpdateFailure(
      "this system isn't on a disk: it started from a CD, a stick or the network",
      "install it from the disk image",
    );
  const device = `${disk}${/\d$/.test(disk) ? "p" : ""}${partitionNumber(name)}`;
  // By its name, too: an operator may have put a system onto a disk of another make.
  const uevent = readIfThere(host, `/sys/class/block/${device}/uevent`, 4096) ?? "";
  const found = parseUevent(uevent)?.partitionName;
  if (found !== name)
    throw new UpdateFailure(
      `the disk ${disk} has no partition ${name} where it must be`,
      "install it from the disk image",
    );
  return `/dev/${device}`;
}

/** Bytes. */
export function partitionSize(host: Host, device: string): number {
  const name = device.slice("/dev/".length);
  return Number(host.readText(`/sys/class/block/${name}/size`, 64)) * 512;
}
