// The whole of a configuration. Each group of keys has a file of its own.
import * as v from "valibot";
import { accountKeys } from "./accounts.ts";
import { certificateKeys } from "./certificates.ts";
import { commandKeys } from "./commands.ts";
import { elsewhereKeys } from "./elsewhere.ts";
import { fileKeys } from "./files.ts";
import { anything, makeKeys, mapping, maybe } from "./kinds.ts";
import { accessKeys } from "./kubesolo-access.ts";
import { contentKeys } from "./kubesolo-content.ts";
import { engineKeys } from "./kubesolo-engine.ts";
import { installKeys } from "./kubesolo-install.ts";
import { registryKeys } from "./kubesolo-registries.ts";
import { updateKeys } from "./kubesolo-updates.ts";
import { storageKeys } from "./storage.ts";
import { systemKeys } from "./system.ts";
import { timeKeys } from "./time.ts";

export const kubesolo = () =>
  mapping(
    makeKeys({
      ...engineKeys,
      ...accessKeys,
      ...registryKeys,
      ...contentKeys,
      ...updateKeys,
      ...installKeys,
    }),
  );

const keys = {
  ...systemKeys,
  network: () =>
    v.pipe(
      anything,
      v.description("Links, addresses and routes, as version 1 or 2; DHCP on every wired link when missing."),
    ),
  ...timeKeys,
  ...certificateKeys,
  ...fileKeys,
  ...commandKeys,
  ...accountKeys,
  ...storageKeys,
  kubesolo: () => v.pipe(maybe(kubesolo()), v.description("What only this system has.")),
  ...elsewhereKeys,
};

/** For a configuration with the keys given; for any without. */
export const nodeConfig = (given?: readonly string[]) => mapping(makeKeys(keys, given));

export type NodeConfig = v.InferOutput<ReturnType<typeof nodeConfig>>;
export type KubesoloConfig = v.InferOutput<ReturnType<typeof kubesolo>>;
