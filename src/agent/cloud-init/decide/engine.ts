// The engine's configuration file: what `kubesolo.config` says, and what our shorter keys stand for. Pure.
import { AUTHENTICATION_CONFIG, CLIENT_CA } from "../../../release/engine.ts";
import { isKubeletLabel } from "../schema/labels.ts";
import type { KubesoloConfig } from "../schema/schema.ts";

/** Dotted keys of the engine that our own keys stand for, with their values. */
export function shorthands(kubesolo: KubesoloConfig): [ours: string[], key: string, value: unknown][] {
  const { access, portainer, local_storage: storage } = kubesolo;
  const local = typeof storage === "boolean" ? { enabled: storage, shared_path: null } : storage;
  const isMapping = typeof storage === "object";
  const all: [string[], string, unknown][] = [
    [["node_labels"], "kubernetes.nodeLabels", registered(kubesolo)],
    [["access", "client_ca"], "kubernetes.apiServer.clientCA", access?.client_ca && CLIENT_CA],
    [
      ["access", "authentication_config"],
      "kubernetes.apiServer.authenticationConfigFile",
      access?.authentication_config && AUTHENTICATION_CONFIG,
    ],
    [["portainer", "edge_id"], "portainer.edgeID", portainer?.edge_id],
    [["portainer", "edge_key"], "portainer.edgeKey", portainer?.edge_key],
    [["portainer", "edge_async"], "portainer.async", portainer?.edge_async],
    [["portainer", "image"], "portainer.image", portainer?.image],
    [["local_storage", ...(isMapping ? ["enabled"] : [])], "storage.localPath.enabled", local?.enabled],
    [["local_storage", "shared_path"], "storage.localPath.sharedPath", local?.shared_path],
  ];
  return all.filter(([, , value]) => value != null);
}

/** Those that the node may register itself with; the agent sets the rest when there is an API to ask. */
function registered({ node_labels }: KubesoloConfig): Record<string, string> | undefined {
  const own = Object.entries(node_labels ?? {}).filter(([key]) => isKubeletLabel(key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

export function engineConfigOf(kubesolo: KubesoloConfig): Record<string, unknown> {
  const config = withoutNulls(kubesolo.config ?? {});
  return shorthands(kubesolo).reduce((all, [, key, value]) => withKey(all, key.split("."), value), config);
}

function withKey(
  config: Record<string, unknown>,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...config, [name]: value };
  return { ...config, [name]: withKey((config[name] ?? {}) as Record<string, unknown>, rest, value) };
}

function withoutNulls(value: object): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, below]) => {
    if (below == null) return [];
    const isMapping = typeof below === "object" && !Array.isArray(below);
    return [[key, isMapping ? withoutNulls(below) : below]];
  });
  return Object.fromEntries(entries);
}
