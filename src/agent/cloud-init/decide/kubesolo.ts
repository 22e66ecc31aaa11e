// What is below `kubesolo`. Pure.
import type { Action, Manifest, Registry, RegistryMirror } from "../actions.ts";
import { authenticationFile } from "../schema/kubesolo-access.ts";
import type { ConfigManifest } from "../schema/kubesolo-content.ts";
import type { ConfigRegistry } from "../schema/kubesolo-registries.ts";
import type { KubesoloConfig, NodeConfig } from "../schema/schema.ts";
import { engineConfigOf } from "./engine.ts";

export function decideKubesolo({ kubesolo }: NodeConfig): Action[] {
  if (kubesolo == null) return [];
  return [
    ...engine(kubesolo),
    ...access(kubesolo),
    ...(isEmpty(kubesolo.node_labels)
      ? []
      : [{ do: "set-node-labels" as const, labels: kubesolo.node_labels ?? {} }]),
    ...registries(kubesolo),
    ...(kubesolo.images?.length ? [{ do: "load-images" as const, archives: kubesolo.images }] : []),
    ...manifests(kubesolo),
    ...(isEmpty(kubesolo.updates)
      ? []
      : [{ do: "set-updates" as const, updates: withoutNulls(kubesolo.updates ?? {}) }]),
    ...install(kubesolo),
    ...probes(kubesolo),
  ];
}

export function manifestName(manifest: ConfigManifest | string): string {
  if (typeof manifest !== "string") return manifest.name;
  return manifest.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}

function engine(kubesolo: KubesoloConfig): Action[] {
  const config = engineConfigOf(kubesolo);
  const flags = (kubesolo.flags ?? []).join(" ");
  return isEmpty(config) && flags === "" ? [] : [{ do: "configure-engine", config, flags }];
}

function access({ access }: KubesoloConfig): Action[] {
  const { client_ca: pem, authentication_config: config } = access ?? {};
  return [
    ...(pem == null ? [] : [{ do: "trust-clients" as const, pem }]),
    ...(config == null
      ? []
      : [{ do: "set-authentication" as const, authentication: authenticationFile(config) }]),
  ];
}

function registries(kubesolo: KubesoloConfig): Action[] {
  const wanted = Object.entries(kubesolo.registries ?? {}).map(([host, registry]) =>
    registryOf(host, registry),
  );
  const registries = wanted.filter(({ mirrors }) => mirrors.length > 0);
  return registries.length === 0 ? [] : [{ do: "set-registries", registries }];
}

/** A registry's own CA or credentials are those of a last mirror, which is itself. */
function registryOf(host: string, registry: ConfigRegistry | null | undefined): Registry {
  const { mirrors = [], ...own } = registry ?? {};
  const others = (mirrors ?? []).map((mirror) =>
    mirrorOf(typeof mirror === "string" ? { url: mirror } : mirror),
  );
  const hasOwn = Object.values(own).some((value) => value != null) && host !== "_default";
  return { host, mirrors: hasOwn ? [...others, mirrorOf({ url: ownUrl(host), ...own })] : others };
}

interface WantedMirror {
  readonly url: string;
  readonly ca?: string | null | undefined;
  readonly skip_verify?: boolean | null | undefined;
  readonly username?: string | null | undefined;
  readonly password?: string | null | undefined;
  readonly override_path?: boolean | null | undefined;
}

function mirrorOf({ url, ca, skip_verify, username, password, override_path }: WantedMirror): RegistryMirror {
  return {
    url,
    ...(ca != null && { caPem: ca }),
    skipVerify: skip_verify ?? false,
    ...(username != null && { username }),
    ...(password != null && { password }),
    overridePath: override_path ?? false,
  };
}

/** Docker Hub's API is at another name than its images say. */
function ownUrl(host: string): string {
  return `https://${host === "docker.io" ? "registry-1.docker.io" : host}`;
}

function manifests(kubesolo: KubesoloConfig): Action[] {
  const manifests = (kubesolo.manifests ?? []).map(
    (manifest): Manifest => ({ name: manifestName(manifest), source: manifestSource(manifest) }),
  );
  return manifests.length === 0 ? [] : [{ do: "set-manifests", manifests }];
}

function manifestSource(manifest: ConfigManifest | string): Manifest["source"] {
  if (typeof manifest === "string") return { path: manifest };
  return manifest.path != null ? { path: manifest.path } : { text: manifest.content ?? "" };
}

function install({ install }: KubesoloConfig): Action[] {
  if (install == null) return [];
  const { disk, min_size: minSizeBytes, erase, end } = install;
  const wish = {
    ...(disk != null && { disk }),
    ...(minSizeBytes != null && { minSizeBytes }),
    isErased: erase ?? false,
    end: end ?? "reboot",
  };
  return [{ do: "set-install", wish }];
}

function probes(kubesolo: KubesoloConfig): Action[] {
  const named = (kubesolo.probes ?? []).map(({ name, ...probe }) => [name, withoutNulls(probe)] as const);
  return named.length === 0 ? [] : [{ do: "set-probes", probes: Object.fromEntries(named) }];
}

function withoutNulls(mapping: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).filter(([, value]) => value != null));
}

function isEmpty(mapping: object | null | undefined): boolean {
  return Object.values(mapping ?? {}).every((value) => value == null);
}
