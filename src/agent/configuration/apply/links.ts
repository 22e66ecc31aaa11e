// Where a path leads on this device: people's commands, or a pod with a folder of the host, may have made links since the
// configuration was checked.
import { isBelow, usualName } from "../../../release/data-places.ts";
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";
import { type Storage, storageOf } from "../../storage.ts";

/** As the kernel's own limit, path_resolution(7). */
const MAX_LINKS = 40;

/**
 * The rule of storageOf, for where the file would really be. `followsLast`: whether a link at the path itself is followed,
 * as by those who add to a file, and not replaced.
 */
export function storageOnDevice(host: Host, path: string, followsLast = false): Storage {
  const storage = storageOf(path);
  if (storage.is === "refused") return storage;
  const target = followLinks(host, usualName(path), followsLast);
  if (target === undefined) return refused("a link on the way leads nowhere");
  if (target === usualName(path)) return storage;
  // Somebody's own registries are written by their own name.
  if (isBelow(target, places.registryHosts)) return refused(`a link leads to ${target}`);
  const there = storageOf(target);
  return there.is === "refused" ? { ...there, reason: `a link leads to ${target}: ${there.reason}` } : there;
}

function refused(reason: string): Storage {
  return { is: "refused", because: "owner", reason };
}

/** undefined: a link has no end. */
function followLinks(host: Host, path: string, followsLast: boolean): string | undefined {
  let target = path;
  for (let count = 0; count < MAX_LINKS; count += 1) {
    const link = firstLink(host, target, followsLast);
    if (link === undefined) return target;
    // Without what is missing at its end, or in a circle, it prints nothing.
    const found = host.run(["readlink", "-f", link], { timeoutMs: 10_000 }).stdout.trim();
    if (found === "") return undefined;
    target = usualName(found + target.slice(link.length));
  }
  return undefined;
}

function firstLink(host: Host, path: string, followsLast: boolean): string | undefined {
  const ends = [...path.matchAll(/(?<=.)\/|$/g)].map(({ index }) => index);
  for (const end of followsLast ? ends : ends.slice(0, -1)) {
    const kind = host.stat(path.slice(0, end))?.kind;
    if (kind === undefined) return undefined;
    if (kind === "symlink") return path.slice(0, end);
  }
  return undefined;
}
