// Whether people may have a file written at a path, and whether it lasts: one rule for `config check` anywhere, and for the
// device, which knows its links besides (configuration/apply/links.ts). Pure.
import { DATA, dataBinds, isBelow, usualName } from "../release/data-places.ts";
import { findOwnFile, ownPaths } from "./own-files.ts";

const LASTING = [DATA, ...dataBinds.map(({ seenAt }) => seenAt)];
const PASSING = ["/run", "/tmp", "/var", "/dev/shm"];
const FOLDERS = [...LASTING, ...PASSING, ...ownPaths];

export type Storage =
  | { readonly is: "lasting" }
  /** In memory: gone at the next boot. */
  | { readonly is: "passing" }
  | Refused;

export interface Refused {
  readonly is: "refused";
  /** It is no path of a file, the system's own file, or on the read-only root. */
  readonly because: "shape" | "owner" | "root";
  readonly reason: string;
  readonly hint?: string;
}

/** `registries` are those that the configuration has: their files are the system's. */
export function storageOf(path: string, registries: readonly string[] = []): Storage {
  const shape = misshapen(path);
  if (shape !== undefined) return { is: "refused", because: "shape", reason: shape };
  const name = usualName(path);
  const own = findOwnFile(name, registries);
  if (own !== undefined) {
    const reason = name === path ? own.why : `it is ${name}, and ${own.why}`;
    return { is: "refused", because: "owner", reason, hint: own.hint };
  }
  if (FOLDERS.some((each) => isBelow(each, name)))
    return { is: "refused", because: "shape", reason: "it is a folder of the system's" };
  if (LASTING.some((folder) => isBelow(name, folder))) return { is: "lasting" };
  if (PASSING.some((folder) => isBelow(name, folder))) return { is: "passing" };
  const writable = `${LASTING.join(", ")} (kept), ${PASSING.join(", ")} (until the next boot)`;
  const reason = `the root file system is read-only; files can lie in ${writable}`;
  return { is: "refused", because: "root", reason };
}

/** Without what says nothing: /usr/local//./b is /usr/local/b. */
export function normalPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

function misshapen(path: string): string | undefined {
  if (!path.startsWith("/")) return "not an absolute path";
  if (path.split("/").some((part) => part === ".." || part === "."))
    return 'a path without "." and ".." is needed';
  return /\/$|\/\/|[\0\n]/.test(path) ? "not the path of a file" : undefined;
}
