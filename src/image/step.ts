// What a step of a build is, and what steps hand on to those after them. Pure.
import type { BuiltImage } from "../lib/built.ts";
import type { BuiltAgent } from "./agent.ts";
import type { GroupName } from "./debian/inputs.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { OutputName } from "./outputs/outputs.ts";
import type { RootImage } from "./root-image.ts";
import type { Slot } from "./slot.ts";
import type { SystemImages } from "./system-images.ts";

/** What each step leaves for those after it; paths are host paths. */
export interface Made extends Readonly<Record<OutputName, string>> {
  /** Where each group of packages is unpacked. */
  readonly packages: Readonly<Partial<Record<GroupName, string>>>;
  readonly kernel: Kernel;
  readonly initramfs: string;
  /** Folder of its programs. */
  readonly engine: string;
  readonly agent: BuiltAgent;
  readonly images: SystemImages;
  readonly rootfs: RootImage;
  readonly slot: Slot;
  readonly manifest: string;
  readonly record: BuiltImage;
}

export type StepName = keyof Made;

/** What a step is given when it is carried out: what the steps that it needs have made, and more. */
export type Given<Needs extends StepName, Group extends GroupName> = Pick<Made, Needs> & {
  /** Where the packages are unpacked that it is made with; host paths. */
  readonly roots: Readonly<Record<Group, string>>;
  /** All groups of packages that the plan's steps are made with. */
  readonly groups: readonly GroupName[];
  /** Shows what it is at. */
  readonly say: (what: string) => void;
};

export interface Step {
  readonly name: StepName;
  /** Steps before it, whose results it takes. */
  readonly needs: readonly StepName[];
  /** Not asked for, but made whenever one of these is. */
  readonly follows: readonly OutputName[];
  /** Groups of Debian packages that it is made with. */
  readonly packages: readonly GroupName[];
  /** Sources and files of other steps, below the repository. */
  readonly reads: readonly string[];
  /** Below the repository; first of all what one asks for by its name. */
  readonly makes: readonly string[];
  readonly make: (given: Given<StepName, GroupName>) => unknown;
}

interface StepOf<Name extends StepName, Needs extends StepName, Group extends GroupName> {
  readonly name: Name;
  readonly needs?: readonly Needs[];
  readonly follows?: readonly OutputName[];
  readonly packages?: readonly Group[];
  readonly reads: readonly string[];
  readonly makes: readonly string[];
  readonly make: (given: Given<Needs, Group>) => Made[Name] | Promise<Made[Name]>;
}

/** One row of the recipe. Its `make` compiles only if `needs` and `packages` name all that it takes: what a plan says is true. */
export function buildStep<
  const Name extends StepName,
  const Needs extends StepName = never,
  const Group extends GroupName = never,
>(row: StepOf<Name, Needs, Group>): Step {
  // More than it asks for is given.
  const make = row.make as Step["make"];
  return { needs: [], follows: [], packages: [], ...row, make };
}
