// A part of a disk that has no partition table yet, as a device: BusyBox's losetup.
import type { Host } from "../host.ts";
import { runOrFail } from "../update/failure.ts";

export interface Place {
  /** "/dev/sda" */
  readonly device: string;
  readonly offsetBytes: number;
  readonly sizeMib: number;
}

/** The loop device has no end of its own: whoever makes a file system there says how large it is. */
export function inLoop(
  host: Host,
  { device, offsetBytes, sizeMib }: Place,
  work: (loop: string, sizeMib: number) => void,
): void {
  const loop = runOrFail(host, ["losetup", "-f"]).trim();
  runOrFail(host, ["losetup", "-o", String(offsetBytes), loop, device]);
  try {
    work(loop, sizeMib);
  } finally {
    runOrFail(host, ["losetup", "-d", loop]);
  }
}
