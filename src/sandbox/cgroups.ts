// A sandbox's own cgroups: one in each of the host's hierarchies, of version 1 or 2 (cgroups(7)).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { becomesTrue } from "../lib/wait.ts";

export interface Hierarchy {
  /** Where it is mounted on this host. */
  readonly path: string;
  /** It is the only one, of version 2; else it is one of several, of version 1 but for one without controllers. */
  readonly isUnified: boolean;
}

/** A sandbox's cgroup in one hierarchy; host paths. */
export interface Cgroup {
  /** What the sandbox sees as the root. */
  readonly root: string;
  /** Where its processes go: with version 2, one that has controllers for its children may have none of its own. */
  readonly leaf: string;
}

/** The hierarchies in the text of /proc/self/mountinfo, proc_pid_mountinfo(5). Pure. */
export function parseHierarchies(mountinfo: string): Hierarchy[] {
  return mountinfo.split("\n").flatMap((line): Hierarchy[] => {
    const [, path, version] = /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup(2?) /.exec(line) ?? [];
    return path === undefined ? [] : [{ path, isUnified: version === "2" && path === UNIFIED }];
  });
}

/** systemd's place for it, and so everybody's; a hybrid host has version 2 elsewhere. */
const UNIFIED = "/sys/fs/cgroup";

export function readHierarchies(): Hierarchy[] {
  const found = parseHierarchies(readFileSync("/proc/self/mountinfo", "utf8"));
  if (found.length > 0) return found;
  throw new UserError("cannot start a sandbox: this host has no cgroups mounted", {
    hint: "run: mount -t cgroup2 cgroup2 /sys/fs/cgroup",
  });
}

/** Makes the cgroup `name` in each hierarchy. */
export function makeCgroups(name: string): Cgroup[] {
  return readHierarchies().map(({ path, isUnified }) => {
    const root = join(path, name);
    const leaf = isUnified ? join(root, "sandbox") : root;
    mkdirSync(leaf, { recursive: true });
    if (isUnified) enableControllers(path);
    // A cpuset of version 1 without CPUs and memory nodes takes no process.
    for (const file of isUnified ? [] : ["cpuset.cpus", "cpuset.mems"]) {
      if (existsSync(join(root, file))) writeFileSync(join(root, file), readFileSync(join(path, file)));
    }
    return { root, leaf };
  });
}

/** Removes the cgroup `name` with all below it in each hierarchy. Its processes must be gone. */
export async function removeCgroups(name: string): Promise<void> {
  for (const { path } of readHierarchies()) await removeTree(join(path, name));
}

/** Every controller of this hierarchy for its children. Only version 2 has it; the host's own root may. */
function enableControllers(path: string): void {
  const controllers = readFileSync(join(path, "cgroup.controllers"), "utf8").trim().split(" ");
  for (const controller of controllers.filter((each) => each !== "")) {
    writeFileSync(join(path, "cgroup.subtree_control"), `+${controller}`);
  }
}

async function removeTree(path: string): Promise<void> {
  if (!existsSync(path)) return;
  for (const child of readdirSync(path, { withFileTypes: true })) {
    if (child.isDirectory()) await removeTree(join(path, child.name));
  }
  let cause: unknown;
  // It stays busy for a moment after its last process has ended.
  const isRemoved = (): boolean => {
    try {
      rmdirSync(path);
      return true;
    } catch (error) {
      cause = error;
      return false;
    }
  };
  if (!(await becomesTrue(isRemoved, { timeoutMs: 10_000, everyMs: 20 })))
    throw new UserError(`cannot remove the cgroup "${path}"`, { cause });
}
