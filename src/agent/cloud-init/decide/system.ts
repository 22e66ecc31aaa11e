// Time, trust and memory. Pure.
import { storageOf } from "../../storage.ts";
import type { Action } from "../actions.ts";
import type { NodeConfig } from "../schema/schema.ts";

/** For swap files that people want where there can be none. */
export const SWAP_FILE = "/var/lib/kubesolo/swap";

export function decideSystem(config: NodeConfig): Action[] {
  return [...timezone(config), ...timeServers(config), ...authorities(config), ...swap(config)];
}

function timezone({ timezone: zone }: NodeConfig): Action[] {
  return zone == null ? [] : [{ do: "set-timezone", zone }];
}

function timeServers({ ntp }: NodeConfig): Action[] {
  if (ntp == null) return [];
  const isEnabled = ntp.enabled ?? true;
  const servers = isEnabled ? [...(ntp.servers ?? []), ...(ntp.pools ?? [])] : [];
  return isEnabled && servers.length === 0 ? [] : [{ do: "set-time-servers", servers, isEnabled }];
}

function authorities(config: NodeConfig): Action[] {
  const wanted = config.ca_certs ?? config["ca-certs"];
  const pem = wanted?.trusted ?? [];
  const removeDefaults = wanted?.remove_defaults ?? wanted?.["remove-defaults"] ?? false;
  return pem.length === 0 && !removeDefaults ? [] : [{ do: "trust-authorities", pem, removeDefaults }];
}

function swap({ swap: wanted }: NodeConfig): Action[] {
  if (wanted?.size == null || wanted.size === "auto") return [];
  const { size: sizeBytes, filename } = wanted;
  if (filename == null) return [{ do: "set-swap", sizeBytes }];
  return [{ do: "set-swap", sizeBytes, file: storageOf(filename).is === "lasting" ? filename : SWAP_FILE }];
}
