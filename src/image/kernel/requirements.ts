// What the product asks of a kernel, as inputs/kernel-options.json has it. Pure.
import * as v from "valibot";
import { type Profile, ProfileSchema } from "../profile.ts";

const Place = v.picklist(["initramfs", "rootfs"]);
const Need = v.picklist(["mandatory", "recommended"]);

const Option = v.strictObject({
  why: v.string(),
  /** What it is as a module; without any, only "y" will do. */
  modules: v.optional(v.array(v.string()), []),
  /** What the kernel asks modprobe for when it wants them. */
  aliases: v.optional(v.array(v.string()), []),
  /** The one value that will do, where it is neither "y" nor "m"; "n" for an option that must not be set. */
  is: v.optional(v.string()),
});

const Group = v.strictObject({
  who: v.string(),
  need: Need,
  /** Where the modules must lie: in the initramfs, what is needed before the root is there. */
  place: v.optional(Place, "rootfs"),
  /** The one profile that asks for it. */
  profile: v.optional(ProfileSchema),
  options: v.record(v.string(), Option),
});

export type Place = v.InferOutput<typeof Place>;

export interface Requirement {
  /** Without "CONFIG_". */
  readonly option: string;
  /** Values that will do. */
  readonly accepts: readonly string[];
  readonly need: v.InferOutput<typeof Need>;
  readonly who: string;
  readonly why: string;
  readonly modules: readonly string[];
  readonly aliases: readonly string[];
  readonly place: Place;
}

/** The requirements of a profile, in the file's order. */
export function parseRequirements(json: string, profile: Profile): Requirement[] {
  const groups = v.parse(v.array(Group), JSON.parse(json));
  return groups
    .filter((group) => group.profile === undefined || group.profile === profile)
    .flatMap(({ who, need, place, options }) =>
      Object.entries(options).map(([option, { is, ...rest }]) => ({
        option,
        accepts: is !== undefined ? [is] : rest.modules.length > 0 ? ["y", "m"] : ["y"],
        need,
        who,
        place,
        ...rest,
      })),
    );
}
