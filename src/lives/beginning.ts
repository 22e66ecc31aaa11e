// Where each life begins: a machine that is Ready, saved once.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { becomeReady } from "../vm/cluster.ts";
import { type Equipment, guestPorts } from "../vm/equipment.ts";
import { startMachine } from "../vm/machine.ts";
import { makeOverlay } from "../vm/overlay.ts";
import { chooseForwards } from "../vm/ports.ts";
import { saveMachine } from "../vm/saved-machine.ts";
import { stepLimit } from "./box.ts";

/** Boots one and saves it, if there is none of this image yet; takes three minutes. `root` is a folder of this host; returns one in it. */
export async function prepareSaved(equipment: Equipment, root: string): Promise<string> {
  const folder = join(root, "saved", equipment.imageId.slice(0, 12));
  if (existsSync(join(folder, "machine.json"))) return folder;
  rmSync(dirname(folder), { recursive: true, force: true }); // of others; each takes half a gigabyte
  const directory = join(root, "first");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const disk = await makeOverlay(equipment.qemu, equipment.diskImage, join(directory, "disk.qcow2"));
  const forwards = await chooseForwards(guestPorts);
  await using machine = await startMachine({ ...equipment.machine, directory, disk, forwards });
  const kubeconfig = join(directory, "kubeconfig");
  await becomeReady({ machine, kubectl: equipment.kubectl, kubeconfig }, stepLimit);
  await saveMachine(machine, folder, stepLimit);
  return folder;
}
