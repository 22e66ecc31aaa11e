// Failures of Host that are no bugs: a missing file, a full disk, a server that doesn't answer.
import type { Host, HostFailure } from "./host.ts";

export function isHostFailure(error: unknown, code?: string): error is HostFailure {
  if (!(error instanceof Error) || error.name !== "HostError") return false;
  return code === undefined || (error as HostFailure).code === code;
}

/** The text of a file; undefined when there is no such file. */
export function readIfThere(host: Host, path: string, maxBytes: number): string | undefined {
  try {
    return host.readText(path, maxBytes);
  } catch (error) {
    if (isHostFailure(error, "ENOENT") || isHostFailure(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

const DAMAGE = ["EILSEQ", "EFBIG", "EISDIR", "EIO", "EUCLEAN", "EBADMSG"];

/** The same of a file that the agent makes itself: one that has rotted is as good as none, and is made anew. */
export function readOwnText(host: Host, path: string, maxBytes: number): string | undefined {
  try {
    return readIfThere(host, path, maxBytes);
  } catch (error) {
    if (DAMAGE.some((code) => isHostFailure(error, code))) return undefined;
    throw error;
  }
}

/** Names in a folder; none when there is no such folder. */
export function listIfThere(host: Host, path: string): string[] {
  return host.stat(path)?.kind === "directory" ? host.list(path) : [];
}

/**
 * Carries out one part of a configuration. What the world refuses becomes a problem with the part's name, and the other
 * parts go on; a bug still ends everything.
 */
export function attempt(what: string, work: () => readonly string[]): readonly string[] {
  try {
    return work();
  } catch (error) {
    if (isHostFailure(error)) return [`${what}: ${error.message}`];
    throw error;
  }
}
