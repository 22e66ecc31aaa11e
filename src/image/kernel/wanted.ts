// Which kernel modules a profile asks for, as inputs/modules.json has them. Pure.
import * as v from "valibot";
import { UserError } from "../../lib/errors.ts";
import { type Profile, ProfileSchema } from "../profile.ts";

/** What an image has only if it is asked for: each is too large for what few people need. */
export const EXTRAS = ["btrfs", "camera", "cifs", "ipset", "iscsi", "nfs", "sctp", "thin", "xfs"] as const;

export type Extra = (typeof EXTRAS)[number];

/** Modules by their names, or all below a folder: "kernel/drivers/net/ethernet/realtek/". */
const Group = v.strictObject({ why: v.string(), modules: v.array(v.string()) });

/** `profile`: the only one whose kernel has them. */
const ExtraGroup = v.strictObject({ ...Group.entries, profile: v.optional(ProfileSchema) });

/** The root gets all that the initramfs has, so nothing stands in both lists. */
const Lists = v.strictObject({ initramfs: v.array(Group), rootfs: v.array(Group) });

const Inputs = v.strictObject({
  shared: Lists,
  /** What each profile adds. */
  profiles: v.strictObject({ vm: Lists, hardware: Lists }),
  extras: v.record(v.picklist(EXTRAS), ExtraGroup),
  /** Aliases that the kernel asks for by itself, which no dependency names, and who needs them. */
  aliases: v.record(v.string(), v.string()),
});

export interface WantedModules {
  readonly initramfs: readonly string[];
  readonly rootfs: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
}

export function parseWantedModules(
  json: string,
  profile: Profile,
  extras: readonly Extra[] = [],
): WantedModules {
  const { shared, profiles, extras: known, aliases } = v.parse(Inputs, JSON.parse(json));
  const added = profiles[profile];
  const asked = extras.map((name) => {
    const only = known[name]?.profile ?? profile;
    if (only === profile) return known[name] ?? { modules: [] };
    throw new UserError(`the kernel of the profile "${profile}" has nothing for "${name}"`, {
      hint: `build it with --profile ${only}`,
    });
  });
  const initramfs = names([...shared.initramfs, ...added.initramfs]);
  const rootfs = names([...shared.rootfs, ...added.rootfs, ...asked]);
  return { initramfs, rootfs: [...initramfs, ...rootfs], aliases };
}

function names(groups: readonly Pick<v.InferOutput<typeof Group>, "modules">[]): string[] {
  return groups.flatMap(({ modules }) => modules);
}
