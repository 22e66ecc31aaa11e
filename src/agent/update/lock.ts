// One update at a time. The lock is a link to its holder's process, in memory: making a link fails when there is one already.
import { attempt, isHostFailure } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { UpdateFailure } from "./failure.ts";
import { processId } from "./process.ts";

export function withLock<T>(host: Host, work: () => T): T {
  const own = `/proc/${processId(host)}`;
  if (!take(host, own)) {
    // A holder that was killed leaves it behind; where the link leads, nothing is then.
    if (host.run(["test", "-e", places.updateLock], { timeoutMs: 10_000 }).exitCode === 0)
      throw new UpdateFailure("another update is being made", "kubesolo-os-agent status says which");
    host.remove(places.updateLock);
    if (!take(host, own)) throw new UpdateFailure("another update is being made");
  }
  try {
    return work();
  } finally {
    attempt("the lock", () => {
      host.remove(places.updateLock);
      return [];
    });
  }
}

function take(host: Host, own: string): boolean {
  try {
    host.makeSymlink(own, places.updateLock);
    return true;
  } catch (error) {
    if (isHostFailure(error, "EEXIST")) return false;
    throw error;
  }
}
