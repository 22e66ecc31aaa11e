// The machine's name, by cloud-init's order: the configuration's, then that of the meta-data. Pure.
import type { Action } from "../actions.ts";
import type { MetaData } from "../meta-data.ts";
import { IPV4 } from "../schema/names.ts";
import type { NodeConfig } from "../schema/schema.ts";

export function decideName(config: NodeConfig, metaData: MetaData): Action[] {
  if (config.preserve_hostname) return [];
  const ofMachine = metaData.hostname == null ? undefined : nameOfMachine(metaData.hostname);
  const written = config.hostname ?? undefined;
  const whole = config.fqdn ?? [written, ofMachine].find((name) => name?.includes("."));
  const name = written ?? whole ?? ofMachine;
  if (name === undefined) return [];
  const fqdn = whole?.toLowerCase().replace(/\.$/, "");
  const short = name.toLowerCase().split(".")[0] as string;
  return [{ do: "set-hostname", name: short, ...(fqdn?.includes(".") && { fqdn }) }];
}

/** Clouds may give an address for a name. */
function nameOfMachine(name: string): string {
  return IPV4.test(name) ? `ip-${name.replace(/\./g, "-")}` : name;
}
