// A throw-away disk over an image that stays as it was built.
import { rm } from "node:fs/promises";
import { run } from "../lib/run.ts";
import type { MachineOptions } from "./machine-options.ts";

/** Makes a fresh overlay; `base` is a raw image with an absolute path. */
export async function makeOverlay(base: string, overlay: string): Promise<MachineOptions["disk"]> {
  await rm(overlay, { force: true });
  await run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", base, overlay]);
  return { path: overlay, format: "qcow2" };
}
