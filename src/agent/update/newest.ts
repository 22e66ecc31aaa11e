// Of files and folders that pile up, only the newest stay.
import type { Host } from "../host.ts";

/** Removes all of these names in the folder but the `count` newest. */
export function keepNewest(host: Host, folder: string, names: readonly string[], count: number): void {
  const age = (name: string) => host.stat(`${folder}/${name}`)?.modifiedMs ?? 0;
  const oldest = [...names].sort((one, other) => age(one) - age(other));
  for (const name of oldest.slice(0, Math.max(0, oldest.length - count))) host.remove(`${folder}/${name}`);
}
