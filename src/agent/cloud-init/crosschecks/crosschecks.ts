// What no single value shows: one key against another, and what is right as YAML but can't be meant. Pure.
import type { Located } from "../located.ts";
import type { MetaData } from "../meta-data.ts";
import type { Finding } from "../problems.ts";
import type { NodeConfig } from "../schema/schema.ts";
import type { Decoder } from "../source.ts";
import { crossCheckAccess } from "./access.ts";
import { crossCheckAccounts } from "./accounts.ts";
import { crossCheckCommands } from "./commands.ts";
import { crossCheckEnginePaths } from "./engine-paths.ts";
import { crossCheckFiles } from "./files.ts";
import { crossCheckKubesolo } from "./kubesolo.ts";
import { crossCheckSystem } from "./system.ts";

export function crossCheck(
  config: NodeConfig,
  root: Located,
  metaData: MetaData,
  decoder: Decoder,
): Finding[] {
  return [
    ...crossCheckSystem(config),
    ...crossCheckFiles(config, decoder),
    ...crossCheckCommands(config, root),
    ...crossCheckAccounts(config, root, metaData),
    ...crossCheckKubesolo(config),
    ...crossCheckEnginePaths(config),
    ...crossCheckAccess(config, decoder),
  ];
}
