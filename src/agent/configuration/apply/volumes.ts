// Where volumes of several pods are, as far as the engine is told: not where a link that was made since leads to the
// system's own files.
import type { Action, Decision } from "../../cloud-init/actions.ts";
import type { Host } from "../../host.ts";
import { normalPath } from "../../storage.ts";
import { storageOnDevice } from "./links.ts";

type Configure = Extract<Action, { do: "configure-engine" }>;

const FLAG = /(?:^|\s)--local-storage-shared-path[=\s](\S+)/g;

export interface SafeVolumes {
  readonly decision: Decision;
  readonly problems: readonly string[];
}

export function withSafeVolumes(host: Host, decision: Decision): SafeVolumes {
  const problems: string[] = [];
  const isSafe = (path: unknown): boolean => {
    const reason = typeof path === "string" && path !== "" ? whyNot(host, normalPath(path)) : undefined;
    if (reason !== undefined) problems.push(`no volumes in ${path}: ${reason}`);
    return reason === undefined;
  };
  const actions = decision.actions.map((action) =>
    action.do === "configure-engine" ? withSafe(action, isSafe) : action,
  );
  return { decision: { ...decision, actions }, problems };
}

function withSafe({ config, flags, ...rest }: Configure, isSafe: (path: unknown) => boolean): Configure {
  const { storage } = config as { storage?: object & { localPath?: object & { sharedPath?: unknown } } };
  const { sharedPath, ...localPath } = storage?.localPath ?? {};
  const safe = isSafe(sharedPath) ? config : { ...config, storage: { ...storage, localPath } };
  return { ...rest, config: safe, flags: flags.replace(FLAG, (words, path) => (isSafe(path) ? words : "")) };
}

/** On the root, a disk may have been mounted. */
function whyNot(host: Host, path: string): string | undefined {
  const storage = storageOnDevice(host, path, true);
  return storage.is === "refused" && storage.because !== "root" ? storage.reason : undefined;
}
