// Puts the system from its ISO onto a disk. The first sector comes last: until then nothing starts from the disk, and a later
// try finds it empty and begins anew; afterwards all of it is there.

import { MANIFEST_FILE, SUMS_FILE } from "../../release/bundle.ts";
import {
  DISK_MIB,
  DISK_START,
  type PartitionName,
  partitionSizesMib,
  partitionStartMib,
} from "../../release/partitions.ts";
import { type ReleaseManifest, slotSums } from "../../release/release-manifest.ts";
import type { Source } from "../configuration/sources/source.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { runOrFail, UpdateFailure } from "../update/failure.ts";
import { withMounted } from "../update/mounts.ts";
import { slotOptions, wrongFiles } from "../update/slot.ts";
import { inLoop } from "./loop.ts";

const MIB = 2 ** 20;
const SECTOR_BYTES = 512;
const MAX_START_BYTES = 64 * MIB;

export interface InstallPlan {
  /** "/dev/sda" */
  readonly device: string;
  readonly sizeBytes: number;
  /** Where the ISO is mounted. */
  readonly medium: string;
  /** The release on it, and its release.json as it is there. */
  readonly manifest: ReleaseManifest;
  readonly manifestText: string;
  /** The node's configuration, which the disk gets, too. */
  readonly configuration: readonly Source[];
}

export function writeSystem(host: Host, plan: InstallPlan): void {
  const { device, sizeBytes, medium } = plan;
  const start = places.installStart;
  host.decompressFile(`${medium}/${DISK_START}`, "zstd", start, MAX_START_BYTES);
  try {
    for (const at of [0, sizeBytes - MIB]) host.writeBlocks(device, at, new Uint8Array(MIB));
    copyBlocks(host, start, device, MIB, (host.stat(start)?.sizeBytes ?? 0) - MIB);
    for (const slot of ["KSOLOA", "KSOLOB"] as const) writeSlot(host, plan, slot);
    say(host, "making the data partition");
    inLoop(host, placeOf(device, "KSOLODATA"), (loop, sizeMib) =>
      makeExt4(host, loop, sizeMib, ["-m", "1", "-L", "KSOLODATA"]),
    );
    writeConfiguration(host, plan);
    copyBlocks(host, start, device, SECTOR_BYTES, MIB - SECTOR_BYTES);
    copyBlocks(host, start, device, 0, SECTOR_BYTES);
  } finally {
    host.remove(start);
  }
}

function say(host: Host, text: string): void {
  host.print("stderr", `install: ${text}`);
}

function placeOf(device: string, name: PartitionName) {
  const startMib = partitionStartMib(name);
  const sizeMib = name === "KSOLODATA" ? DISK_MIB - startMib - 1 : partitionSizesMib[name];
  return { device, offsetBytes: startMib * MIB, sizeMib };
}

/** From one to the other, at the same place; flushed. */
function copyBlocks(host: Host, from: string, to: string, offsetBytes: number, sizeBytes: number): void {
  for (let done = 0; done < sizeBytes; done += MIB) {
    const at = offsetBytes + done;
    host.writeBlocks(to, at, host.readBlocks(from, at, Math.min(MIB, sizeBytes - done)));
  }
}

function makeExt4(host: Host, loop: string, sizeMib: number, options: readonly string[]): void {
  const args = ["/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", ...options, loop, `${sizeMib}M`];
  runOrFail(host, args, 600_000);
}

/** Written, let go of, and read back. */
function writeSlot(host: Host, plan: InstallPlan, name: "KSOLOA" | "KSOLOB"): void {
  const { device, medium, manifest, manifestText } = plan;
  say(host, `writing slot ${name.slice(-1)}`);
  inLoop(host, placeOf(device, name), (loop, sizeMib) => {
    makeExt4(host, loop, sizeMib, slotOptions(name));
    withMounted(
      host,
      places.installFolder,
      { device: loop, type: "ext4", options: "rw,noatime" },
      (folder) => {
        for (const { name: file, size } of manifest.files)
          host.copyPiece({ path: `${medium}/${file}` }, `${folder}/${file}`, {
            ...{ offsetBytes: 0, sizeBytes: size },
            announce: `  ${file}`,
          });
        host.writeFile(`${folder}/${SUMS_FILE}`, slotSums(manifest));
        host.writeFile(`${folder}/${MANIFEST_FILE}`, manifestText);
      },
    );
    withMounted(host, places.installFolder, { device: loop, type: "ext4", options: "ro" }, (folder) => {
      const wrong = wrongFiles(host, folder, manifest);
      if (wrong.length > 0)
        throw new UpdateFailure(
          `${device} doesn't hold the release: ${wrong.join("; ")}`,
          "the disk or the medium is damaged: take another one",
        );
    });
  });
}

function writeConfiguration(host: Host, { device, configuration }: InstallPlan): void {
  if (configuration.length === 0) return;
  say(host, "writing the node's configuration");
  inLoop(host, placeOf(device, "KSOLOEFI"), (loop) =>
    withMounted(host, places.installFolder, { device: loop, type: "vfat", options: "rw" }, (folder) => {
      for (const { kind, text } of configuration) host.writeFile(`${folder}/kubesolo/${kind}`, text);
    }),
  );
}
