// What machines are recorded and booted with.
import { readBuiltImage, readKit } from "../lib/built.ts";
import { makeTools, type Tools } from "../lib/locked-tools.ts";
import { buildPath } from "../lib/paths.ts";
import { findAccelerator } from "./accelerator.ts";
import { apiGuestPort } from "./cluster.ts";
import type { MachineOptions } from "./machine-options.ts";
import { updatableImage } from "./update-releases.ts";

export const guestPorts = [apiGuestPort];

/** All paths are host paths. */
export interface Equipment {
  readonly qemu: string;
  readonly tools: Tools;
  /** The words that start Python, which has SQLite. */
  readonly python: readonly string[];
  readonly kubectl: string;
  readonly diskImage: string;
  readonly imageId: string;
  readonly machine: Omit<MachineOptions, "directory" | "disk" | "forwards">;
}

/** Of what was built: the kit, and the image in this folder below build; unless said, the one with keys for updates. */
export async function readEquipment(folder = updatableImage): Promise<Equipment> {
  const image = readBuiltImage(folder);
  const { qemu, tools, python } = readKit();
  return {
    qemu,
    tools: makeTools(tools, Math.floor(Date.now() / 1000)),
    python,
    kubectl: image.kubectl,
    diskImage: image.diskImage,
    imageId: image.imageId,
    machine: {
      qemu,
      readOnlyDisks: [],
      memoryMiB: 1024,
      cpus: 2,
      firmware: "bios",
      accelerator: await findAccelerator({ qemu, kernel: image.kernel }, buildPath("accelerator.json")),
      offline: false,
    },
  };
}
