// What is said of the engine's settings, and where: below kubesolo.config, by our own keys, and by flags. Pure.
import { shorthands } from "../decide/engine.ts";
import type { Path } from "../problems.ts";
import { parseFlags } from "../schema/engine-flags.ts";
import { type EngineSetting, engineSettings } from "../schema/engine-settings.ts";
import type { KubesoloConfig } from "../schema/schema.ts";
import { valueAt } from "./value-at.ts";

export interface Said {
  readonly setting: EngineSetting;
  readonly value: unknown;
  readonly at: Path;
  /** As people know what says it: nothing where its own key does. */
  readonly by: string;
}

/** What is empty is said by nobody: the engine takes it so. */
export function settingsSaid(kubesolo: KubesoloConfig): Said[] {
  const inFile = engineSettings().map((setting): Said => {
    const below = ["config", ...setting.key.split(".")];
    return { setting, value: valueAt(kubesolo, below), at: ["kubesolo", ...below], by: "" };
  });
  const byOurKeys = shorthands(kubesolo).flatMap(([ours, key, value]): Said[] => {
    const setting = engineSettings().find((each) => each.key === key);
    return setting === undefined ? [] : [{ setting, value, at: ["kubesolo", ...ours], by: "" }];
  });
  const byFlags = parseFlags(kubesolo.flags ?? []).flags.map(
    ({ setting, value }): Said => ({ setting, value, at: ["kubesolo", "flags"], by: `--${setting.flag}: ` }),
  );
  return [...inFile, ...byOurKeys, ...byFlags].filter(({ value }) => value != null && value !== "");
}
