// File systems that an update looks into, or an installation fills. Each process has its own folder for each: somebody may ask for the status
// meanwhile, and an agent that is killed leaves its mount behind, which the next one ends.
import { attempt, listIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { runOrFail, UpdateFailure } from "./failure.ts";
import { processId, runs } from "./process.ts";

export interface FileSystem {
  readonly device: string;
  readonly type: string;
  /** Besides those that keep strangers' files from doing anything. */
  readonly options: string;
}

/** Mounts it below `place`: the folder, or why that can't be. */
export function mount(
  host: Host,
  place: string,
  { device, type, options }: FileSystem,
): { readonly folder: string } | { readonly problem: string } {
  endLeftovers(host, place);
  const folder = `${place}/${processId(host)}`;
  host.makeDirectory(folder);
  const args = ["mount", "-t", type, "-o", `${options},nosuid,nodev,noexec`, device, folder];
  const { exitCode, stderr } = host.run(args, { timeoutMs: 60_000 });
  return exitCode === 0 ? { folder } : { problem: stderr.trim() || `exit code ${exitCode}` };
}

/** Unmounts what processes that are gone have mounted below `place`. */
export function endLeftovers(host: Host, place: string): void {
  const own = processId(host);
  for (const name of listIfThere(host, place))
    if (name === own || !runs(host, name)) leave(host, `${place}/${name}`);
}

/** Throws when what is still to be written can't be. */
function unmount(host: Host, folder: string): void {
  runOrFail(host, ["umount", folder]);
  removeFolder(host, folder);
}

/** The same when its end doesn't matter any more. */
export function leave(host: Host, folder: string): void {
  host.run(["umount", folder], { timeoutMs: 60_000 });
  removeFolder(host, folder);
}

/** Calls `work` with where it is mounted meanwhile. */
export function withMounted<T>(
  host: Host,
  place: string,
  fileSystem: FileSystem,
  work: (folder: string) => T,
): T {
  const mounted = mount(host, place, fileSystem);
  if ("problem" in mounted)
    throw new UpdateFailure(`${fileSystem.device} can't be mounted: ${mounted.problem}`);
  let result: T;
  try {
    result = work(mounted.folder);
  } catch (error) {
    leave(host, mounted.folder);
    throw error;
  }
  unmount(host, mounted.folder);
  return result;
}

/** Refused by the host while anything is mounted there. */
function removeFolder(host: Host, folder: string): void {
  attempt("the folder", () => {
    host.remove(folder);
    return [];
  });
}
