// The table of time zones: Debian's, as it is. What lies beside the zones (lists, rules, a second table with leap seconds) stays
// out.
import { join } from "node:path";
import { hostFolder } from "../tree/host.ts";
import type { Entry } from "../tree/tree.ts";

export const ZONES_FOLDER = "usr/share/zoneinfo";
/** Those without a continent. */
const PLAIN = ["GMT", "UTC"];

export function timeZones(packagesRoot: string): Entry[] {
  return hostFolder(ZONES_FOLDER, join(packagesRoot, ZONES_FOLDER)).filter(([path]) => {
    const name = path.slice(ZONES_FOLDER.length + 1);
    return name.includes("/") ? !/^(?:right|posix)\//.test(name) : PLAIN.includes(name);
  });
}
