// A stick with an update: a volume with the label KSOLOUPDATE, or a node's CIDATA, that has one bundle in its top folder, a
// release's files, or channels. What is on it is a stranger's: mounted read-only, without devices and programs.
import { MANIFEST_FILE } from "../../../release/bundle.ts";
import { CHANNELS } from "../../../release/channel.ts";
import { type Device, describeDevice, parseDevices } from "../../configuration/sources/devices.ts";
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";
import { UpdateFailure } from "../failure.ts";
import { leave, mount } from "../mounts.ts";

export const UPDATE_LABEL = "KSOLOUPDATE";
/** The label that is for updates alone comes first. */
const LABELS = [UPDATE_LABEL, "CIDATA"];
/** `noload`: a journal isn't replayed on what is only read. */
const FILE_SYSTEMS: Readonly<Record<string, string>> = {
  vfat: "ro",
  exfat: "ro",
  iso9660: "ro",
  ext4: "ro,noload",
};

/** Calls `work` with where the update is, while the stick is mounted, until it comes to something. Undefined when no stick has any. */
export function withStick<T>(host: Host, work: (where: string) => T | undefined): T | undefined {
  for (const device of findSticks(host, LABELS)) {
    const type = device.values["TYPE"] ?? "";
    const options = FILE_SYSTEMS[type];
    if (options === undefined) continue;
    const mounted = mount(host, places.updateVolume, { device: device.path, type, options });
    if ("problem" in mounted) {
      // Others may have what this one can't give.
      host.print("stderr", `${describeDevice(device)} can't be read: ${mounted.problem}`);
      continue;
    }
    try {
      const where = findUpdate(host, device, mounted.folder);
      const result = where === undefined ? undefined : work(where);
      if (result !== undefined) return result;
    } finally {
      leave(host, mounted.folder);
    }
  }
  return undefined;
}

/** Devices with one of these labels; those of the first label come first. */
export function findSticks(host: Host, wanted: readonly string[]): Device[] {
  // BusyBox has one of that name, too. Exit code 2: there is none.
  const args = ["/usr/sbin/blkid", "-c", "/dev/null", "-o", "export"];
  const devices = parseDevices(host.run(args, { timeoutMs: 20_000 }).stdout);
  return wanted.flatMap((label) => devices.filter(({ values }) => values["LABEL"]?.toUpperCase() === label));
}

function findUpdate(host: Host, device: Device, folder: string): string | undefined {
  const names = host.list(folder);
  const bundles = names.filter((name) => name.toLowerCase().endsWith(".tar"));
  if (bundles.length > 1)
    throw new UpdateFailure(
      `${describeDevice(device)} has several bundles: ${bundles.join(", ")}`,
      "leave one of them on it",
    );
  const [bundle] = bundles;
  if (bundle !== undefined) return `${folder}/${bundle}`;
  return names.includes(MANIFEST_FILE) || names.includes(CHANNELS) ? `${folder}/` : undefined;
}
