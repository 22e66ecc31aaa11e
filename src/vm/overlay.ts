// A throw-away disk over an image that stays as it was built.
import { rm } from "node:fs/promises";
import { run } from "../lib/run.ts";
import type { MachineOptions } from "./machine-options.ts";

/** Makes a fresh overlay; `base` is an image with an absolute path. */
export async function makeOverlay(
  base: string,
  overlay: string,
  baseFormat: MachineOptions["disk"]["format"] = "raw",
): Promise<MachineOptions["disk"]> {
  await rm(overlay, { force: true });
  await run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", baseFormat, "-b", base, overlay]);
  return { path: overlay, format: "qcow2" };
}
