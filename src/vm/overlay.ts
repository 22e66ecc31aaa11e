// A throw-away disk over an image that stays as it was built.
import { rm } from "node:fs/promises";
import { programArgs } from "../lib/locked-tools.ts";
import { run } from "../lib/run.ts";
import type { MachineOptions } from "./machine-options.ts";

/** Makes a fresh overlay; `base` is an image with an absolute path, `qemu` as in a machine's options. */
export async function makeOverlay(
  qemu: string,
  base: string,
  overlay: string,
  baseFormat: MachineOptions["disk"]["format"] | "vmdk" = "raw",
): Promise<MachineOptions["disk"]> {
  await rm(overlay, { force: true });
  const order = ["create", "-q", "-f", "qcow2", "-F", baseFormat, "-b", base, overlay];
  await run([...programArgs(qemu, "qemu-img"), ...order]);
  return { path: overlay, format: "qcow2" };
}
