// The machine's name, by cloud-init's order: the configuration's, then that of the meta-data. Pure.
import type { Action } from "../actions.ts";
import type { MetaData } from "../meta-data.ts";
import type { NodeConfig } from "../schema/schema.ts";

export function decideName(config: NodeConfig, metaData: MetaData): Action[] {
  if (config.preserve_hostname) return [];
  const written = config.fqdn ?? config.hostname ?? metaData.hostname;
  if (written == null) return [];
  const whole = written.toLowerCase().replace(/\.$/, "");
  const short = (config.hostname?.toLowerCase() ?? whole).split(".")[0] as string;
  return [{ do: "set-hostname", name: short, ...(whole.includes(".") && { fqdn: whole }) }];
}
