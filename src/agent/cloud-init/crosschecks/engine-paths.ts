// Paths that the engine is told, by its file, by flags or by our own keys: where its state and volumes are, and files that it
// reads. The rule is that of write_files (storage.ts). Pure.
import { usualName } from "../../../release/data-places.ts";
import { ENGINE_STATE } from "../../../release/engine.ts";
import { normalPath, type Storage, storageOf } from "../../storage.ts";
import { error, type Finding, type Path, warning } from "../problems.ts";
import type { EngineSetting } from "../schema/engine-settings.ts";
import type { KubesoloConfig, NodeConfig } from "../schema/schema.ts";
import { settingsSaid } from "./engine-said.ts";

interface EnginePath {
  readonly at: Path;
  /** As people know what has it: nothing where its own key says so. */
  readonly by: string;
  readonly name: string;
  readonly holds: EngineSetting["holds"];
}

export function crossCheckEnginePaths(config: NodeConfig): Finding[] {
  if (config.kubesolo == null) return [];
  const registries = Object.keys(config.kubesolo.registries ?? {});
  const written = (config.write_files ?? []).map(({ path }) => usualName(path));
  return enginePaths(config.kubesolo).flatMap((path) => {
    const storage = storageOf(path.name, registries);
    if (path.holds === "state") return checkState(path);
    if (path.holds === "volumes") return checkVolumes(path, storage);
    return checkFile(path, storage, written.includes(usualName(path.name)));
  });
}

/** Where the system keeps what `access` says is its own affair. */
function enginePaths(kubesolo: KubesoloConfig): EnginePath[] {
  return settingsSaid(kubesolo).flatMap(({ setting: { holds }, value, at, by }) =>
    holds === undefined || typeof value !== "string" || at[1] === "access"
      ? []
      : [{ at, by, name: normalPath(value), holds }],
  );
}

/** Copies before an update, the way back and a reset are of that folder. */
function checkState({ at, by, name }: EnginePath): Finding[] {
  if (usualName(name) === ENGINE_STATE) return [];
  const message = `${by}the engine's state is always in ${ENGINE_STATE}: updates and the ways back look there`;
  return [error(at, message, "leave it out")];
}

/** Pods write below it: nothing of the system's may be there, and it must last. */
function checkVolumes({ at, by, name }: EnginePath, storage: Storage): Finding[] {
  const hint = `take a folder such as ${ENGINE_STATE}/shared`;
  if (storage.is === "lasting") return [];
  if (storage.is === "passing")
    return [warning(at, `${by}volumes in "${name}" are gone at the next boot`, hint)];
  if (storage.because !== "root")
    return [error(at, `${by}no volumes can be in "${name}": ${storage.reason}`, hint)];
  const message = `${by}no volumes can be in "${name}" unless bootcmd mounts a disk there: the root is read-only`;
  return [warning(at, message, hint)];
}

/** Without it, the engine doesn't start. */
function checkFile({ at, by, name }: EnginePath, storage: Storage, isWritten: boolean): Finding[] {
  const hint = "write it with write_files, such as to /etc/kubesolo/own-ca.crt";
  if (storage.is === "refused" && storage.because !== "root")
    return [error(at, `${by}"${name}" can't be it: ${storage.reason}`, storage.hint ?? hint)];
  if (storage.is === "lasting" || isWritten) return [];
  const message =
    storage.is === "passing"
      ? `${by}"${name}" is gone at the next boot, and no write_files makes it`
      : `${by}there can be no "${name}" unless bootcmd mounts a disk there: the root is read-only`;
  return [warning(at, message, hint)];
}
