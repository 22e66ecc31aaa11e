// What one asks a build for.
import type { BakedFiles } from "./baked/baked.ts";
import type { Architecture } from "./debian/inputs.ts";
import type { Extra } from "./kernel/wanted.ts";
import { OUTPUT_NAMES } from "./outputs/outputs.ts";
import type { Product } from "./product.ts";
import type { Profile } from "./profile.ts";

/** What one may ask for: outputs, and two of the things that outputs are made from. */
export const TARGETS = [...OUTPUT_NAMES, "rootfs", "initramfs"] as const;

export type Target = (typeof TARGETS)[number];

export interface BuildConfig extends Product {
  readonly targets: readonly Target[];
  readonly profile: Profile;
  readonly architecture: Architecture;
  /** The time stamp of every file; seconds since 1970. */
  readonly epoch: number;
  /** Where outputs go; below the repository. */
  readonly folder: string;
  readonly baked: BakedFiles;
  /** Drivers that only this image has, and the programs that go with them. */
  readonly extras: readonly Extra[];
}
