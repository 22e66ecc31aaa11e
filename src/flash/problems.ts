// Why an image isn't written to a device. Pure; each refusal is a row in problems.test.ts.
import { type Device, descendants, inSize } from "./device.ts";

/** What an image needs of the device that it is written to. */
export interface Needs {
  readonly sizeBytes: number;
  /** Its partition table counts sectors of this size; undefined where there is none that matters. */
  readonly sectorBytes?: number;
}

export interface Problem {
  readonly message: string;
  readonly hint: string;
}

/** All that speaks against writing to it; nothing does: an empty list. `isForced` only takes one that isn't removable. */
export function findProblems(device: Device, needs: Needs, isForced: boolean): Problem[] {
  const { path, type, parent, sizeBytes, sectorBytes } = device;
  if (type === "part")
    return [{ message: `"${path}" is a partition`, hint: `name the whole disk: ${parent ?? "/dev/sdX"}` }];
  if (type !== "disk" && type !== "loop")
    return [{ message: `"${path}" is no disk, but ${type}`, hint: "`lsblk` lists disks" }];
  if (sizeBytes === 0)
    return [{ message: `there is no medium in "${path}"`, hint: "put a card or a disk in" }];
  return [
    ...useProblems(device),
    ...(device.isReadOnly
      ? [{ message: `"${path}" can't be written to`, hint: "some cards and sticks have a switch for that" }]
      : []),
    ...(sizeBytes < needs.sizeBytes
      ? [
          {
            message: `"${path}" is too small: it has ${inSize(sizeBytes)}, the image ${inSize(needs.sizeBytes)}`,
            hint: "take a larger one",
          },
        ]
      : []),
    ...(needs.sectorBytes !== undefined && needs.sectorBytes !== sectorBytes
      ? [
          {
            message: `"${path}" has sectors of ${sectorBytes} bytes, and the image's partition table counts ${needs.sectorBytes}`,
            hint: "no machine would find its partitions there; write the ISO to a stick instead",
          },
        ]
      : []),
    ...(device.isRemovable || isForced
      ? []
      : [
          {
            message: `"${path}" isn't removable: it may be a disk of this computer`,
            hint: "--force takes it all the same",
          },
        ]),
  ];
}

/** Who uses it or a part of it now. */
function useProblems(device: Device): Problem[] {
  const all = [device, ...descendants(device)];
  const mounted = all.flatMap(({ path, mounts }) =>
    mounts.map((place) =>
      place === "[SWAP]"
        ? { message: `"${path}" is in use as swap`, hint: `swapoff ${path}` }
        : { message: `"${path}" is mounted at "${place}"`, hint: `umount ${path}` },
    ),
  );
  const held = descendants(device)
    .filter(({ type }) => type !== "part")
    .map(({ path, type }) => ({
      message: `"${device.path}" is in use: ${type} volume "${path}" lies on it`,
      hint: "take the volume down first (vgchange -an, cryptsetup close, mdadm --stop)",
    }));
  return [...mounted, ...held];
}
