// A slot as a file system: made anew, written, read back. Only the slot that doesn't run is ever touched.
import type { Slot } from "../../release/boot-state.ts";
import { MANIFEST_FILE, SIGNATURE_FILE, SUMS_FILE } from "../../release/bundle.ts";
import { parseReleaseManifest, type ReleaseManifest, slotSums } from "../../release/release-manifest.ts";
import { isHostFailure } from "../expected.ts";
import type { Bytes, Host } from "../host.ts";
import { places } from "../places.ts";
import { runOrFail, UpdateFailure } from "./failure.ts";
import { endLeftovers, withMounted } from "./mounts.ts";
import { partitionDevice } from "./partitions.ts";
import { readSignedManifest } from "./source/signature.ts";
import type { Release } from "./source/source.ts";

export function slotDevice(host: Host, slot: Slot): string {
  return partitionDevice(host, slot === "A" ? "KSOLOA" : "KSOLOB");
}

/**
 * mke2fs' options for a slot. Without a journal, as GRUB doesn't replay one; with nothing that GRUB doesn't know. It holds a few files:
 * tables for as many as usual would take 32 MiB, which the kernel writes zeros to while it is mounted.
 */
export function slotOptions(label: "KSOLOA" | "KSOLOB"): string[] {
  return ["-O", "^has_journal,^orphan_file,^metadata_csum_seed", "-N", "64", "-L", label];
}

/** Empties a slot. */
export function emptySlot(host: Host, slot: Slot): void {
  const device = slotDevice(host, slot);
  endLeftovers(host, places.updateSlot);
  // BusyBox has one of that name, too.
  runOrFail(host, ["/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", ...slotOptions(`KSOLO${slot}`), device]);
}

/** Writes a release into a slot; goes on where it was when some of it is there. Nothing of it is trusted before `checkSlot`. */
export function writeSlot(host: Host, slot: Slot, { manifest, signed, signature, piece }: Release): void {
  inSlot(host, slot, "rw,noatime", (folder) => {
    for (const { name, size } of manifest.files) {
      const { source, offsetBytes } = piece(name);
      host.copyPiece(source, `${folder}/${name}`, { offsetBytes, sizeBytes: size, announce: `  ${name}` });
    }
    host.writeFile(`${folder}/${SUMS_FILE}`, slotSums(manifest));
    host.writeFile(`${folder}/${SIGNATURE_FILE}`, signature);
    host.writeFile(`${folder}/${MANIFEST_FILE}`, signed);
  });
}

/**
 * Holds every byte of a slot against the release in it, whose signature must hold: mounted anew, so that it is read from the disk.
 * `manifestSum`: of the release.json that must be there. Throws with all that is wrong.
 */
export function checkSlot(host: Host, slot: Slot, manifestSum?: string): ReleaseManifest {
  return inSlot(host, slot, "ro", (folder) => {
    const signed = readIfSlotHas(host, `${folder}/${MANIFEST_FILE}`);
    if (manifestSum !== undefined && host.sha256(signed) !== manifestSum)
      throw new UpdateFailure(`slot ${slot} holds another release than was written there`);
    const signature = host.decodeUtf8(readIfSlotHas(host, `${folder}/${SIGNATURE_FILE}`));
    const manifest = readSignedManifest(host, signed, signature);
    const wrong = wrongFiles(host, folder, manifest);
    if (wrong.length > 0) throw new UpdateFailure(`slot ${slot}: ${wrong.join("; ")}`);
    return manifest;
  });
}

/**
 * Holds a slot that ran before against the release in it, whoever signed that: the one that the box was installed with has no
 * signature, and is one to go back to all the same. Throws with all that is wrong.
 */
export function checkWhole(host: Host, slot: Slot): ReleaseManifest {
  return inSlot(host, slot, "ro", (folder) => {
    const manifest = parseReleaseManifest(host.decodeUtf8(readIfSlotHas(host, `${folder}/${MANIFEST_FILE}`)));
    const wrong = "problems" in manifest ? manifest.problems : wrongFiles(host, folder, manifest);
    if ("problems" in manifest || wrong.length > 0)
      throw new UpdateFailure(`slot ${slot} doesn't verify: ${wrong.join("; ")}`);
    return manifest;
  });
}

/** What of a slot that is mounted isn't as its release says. */
export function wrongFiles(host: Host, folder: string, manifest: ReleaseManifest): string[] {
  const files = manifest.files.flatMap(({ name, size, sha256 }) => {
    const stat = host.stat(`${folder}/${name}`);
    if (stat?.kind !== "file") return `${name} is missing`;
    if (stat.sizeBytes !== size) return `${name} has ${stat.sizeBytes} bytes instead of ${size}`;
    return host.sha256OfFile(`${folder}/${name}`) === sha256
      ? []
      : `${name} has other contents than the release says`;
  });
  const sums = host.decodeUtf8(readIfSlotHas(host, `${folder}/${SUMS_FILE}`));
  return sums === slotSums(manifest) ? files : [...files, `${SUMS_FILE} isn't the release's`];
}

function readIfSlotHas(host: Host, path: string): Bytes {
  try {
    return host.readBytes(path, 65_536);
  } catch (error) {
    if (isHostFailure(error, "ENOENT"))
      throw new UpdateFailure(`there is no ${path.slice(path.lastIndexOf("/") + 1)} in it`);
    throw error;
  }
}

function inSlot<T>(host: Host, slot: Slot, options: string, work: (folder: string) => T): T {
  const fileSystem = { device: slotDevice(host, slot), type: "ext4", options };
  return withMounted(host, places.updateSlot, fileSystem, work);
}
