// A profile says for which machines an image is, and so which kernel and which of its drivers go in. Pure.
import * as v from "valibot";
import { buildPath } from "../lib/paths.ts";
import type { GroupName } from "./debian/inputs.ts";

/** `vm`: machines of a hypervisor; `hardware`: boxes that one can touch, and hypervisors too. */
export const PROFILES = ["vm", "hardware"] as const;

export const ProfileSchema = v.picklist(PROFILES);

export type Profile = v.InferOutput<typeof ProfileSchema>;

/** The group of Debian packages with a profile's kernel. */
export const kernelGroups: Readonly<Record<Profile, GroupName>> = {
  vm: "kernel",
  hardware: "kernel-hardware",
};

/** Where a build leaves its files; no two profiles share any. */
export function imageDirectory(profile: Profile): string {
  return buildPath(profile === "vm" ? "image" : `image-${profile}`);
}
