// Time, trust and memory. Pure.
import type { Action } from "../actions.ts";
import type { NodeConfig } from "../schema/schema.ts";

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
  if (wanted?.size == null) return [];
  return [
    { do: "set-swap", sizeBytes: wanted.size, ...(wanted.filename != null && { file: wanted.filename }) },
  ];
}
