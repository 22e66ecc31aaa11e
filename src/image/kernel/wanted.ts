// Which kernel modules a profile asks for, as inputs/modules.json has them. Pure.
import * as v from "valibot";
import type { Profile } from "../profile.ts";

/** Modules by their names, or all below a folder: "kernel/drivers/net/ethernet/realtek/". */
const Group = v.strictObject({ why: v.string(), modules: v.array(v.string()) });

/** The root gets all that the initramfs has, so nothing stands in both lists. */
const Lists = v.strictObject({ initramfs: v.array(Group), rootfs: v.array(Group) });

const Inputs = v.strictObject({
  shared: Lists,
  /** What each profile adds. */
  profiles: v.strictObject({ vm: Lists, hardware: Lists }),
  /** Aliases that the kernel asks for by itself, which no dependency names, and who needs them. */
  aliases: v.record(v.string(), v.string()),
});

export interface WantedModules {
  readonly initramfs: readonly string[];
  readonly rootfs: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
}

export function parseWantedModules(json: string, profile: Profile): WantedModules {
  const { shared, profiles, aliases } = v.parse(Inputs, JSON.parse(json));
  const added = profiles[profile];
  const initramfs = names([...shared.initramfs, ...added.initramfs]);
  return { initramfs, rootfs: [...initramfs, ...names([...shared.rootfs, ...added.rootfs])], aliases };
}

function names(groups: readonly v.InferOutput<typeof Group>[]): string[] {
  return groups.flatMap(({ modules }) => modules);
}
