// A configuration and who the machine is → what is to be done. Pure.

import type { NetworkPlan } from "../network/plan.ts";
import type { Action, Decision } from "./actions.ts";
import { decideAccounts } from "./decide/accounts.ts";
import { decideCommands } from "./decide/commands.ts";
import { decideFiles } from "./decide/files.ts";
import { decideKubesolo } from "./decide/kubesolo.ts";
import { decideName } from "./decide/name.ts";
import { decideSystem } from "./decide/system.ts";
import type { MetaData } from "./meta-data.ts";
import type { NodeConfig } from "./schema/schema.ts";

/** What cloud-init calls an instance without an id. */
export const NO_ID = "iid-datasource-none";

export function decide(config: NodeConfig, metaData: MetaData, network?: NetworkPlan): Decision {
  const files = decideFiles(config);
  const commands = decideCommands(config);
  // cloud-init's order: bootcmd comes before write_files, deferred files before runcmd.
  const actions: Action[] = [
    ...decideName(config, metaData),
    ...commands.filter(({ moment }) => moment === "boot"),
    ...files.filter(({ moment }) => moment === "boot"),
    ...decideSystem(config),
    ...decideAccounts(config, metaData),
    ...decideKubesolo(config),
    ...files.filter(({ moment }) => moment === "online"),
    ...commands.filter(({ moment }) => moment === "online"),
  ];
  const limit = config.kubesolo?.network_limit;
  return {
    instanceId: metaData.instanceId ?? NO_ID,
    ...(network !== undefined && { network }),
    ...(limit != null && { networkLimitSeconds: limit }),
    actions,
  };
}
