// A registry of the configuration → the files of its folder in containerd's certs.d. Pure.
// Format: github.com/containerd/containerd, docs/hosts.md.
import type { Registry, RegistryMirror } from "../../cloud-init/actions.ts";

/** By this first line the agent knows its own files again. */
export const FIRST_LINE = "# Made from the node's configuration at each boot.";

export interface RegistryFile {
  readonly name: string;
  readonly content: string;
}

/** Docker Hub's names; images say the first, containerd asks the second. */
const DOCKER_HUB = ["docker.io", "registry-1.docker.io", "index.docker.io"];

/** hosts.toml comes last: what it names is there by then. */
export function registryFiles(registry: Registry, encodeBase64: (text: string) => string): RegistryFile[] {
  const mirrors = registry.mirrors.map((mirror, index) => ({ mirror, file: `authority-${index}.pem` }));
  const authorities = mirrors.flatMap(({ mirror: { caPem }, file }) =>
    caPem === undefined ? [] : [{ name: file, content: `${caPem.trim()}\n` }],
  );
  return [...authorities, { name: "hosts.toml", content: hostsToml(registry, encodeBase64) }];
}

/**
 * Mirrors in their order, then the registry itself: containerd always asks it last. A "mirror" that is the registry says how
 * it is asked.
 */
export function hostsToml({ host, mirrors }: Registry, encodeBase64: (text: string) => string): string {
  const tables: string[][] = [];
  let own: string[] = [];
  const seen = new Set<string>();
  for (const [index, mirror] of mirrors.entries()) {
    // TOML refuses a table that is there twice, and containerd the whole file then.
    if (seen.has(mirror.url)) continue;
    seen.add(mirror.url);
    const access = accessLines(mirror, `authority-${index}.pem`);
    const header = headerLine(mirror, encodeBase64);
    if (isItself(host, mirror.url)) {
      own = [`server = ${quote(serverUrl(mirror.url))}`, ...access, ...(header ? ["[header]", header] : [])];
      continue;
    }
    const table = `host.${quote(mirror.url)}`;
    tables.push([`[${table}]`, 'capabilities = ["pull", "resolve"]', ...access]);
    if (header !== undefined) tables.push([`[${table}.header]`, header]);
  }
  return [[FIRST_LINE], own, ...tables]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function accessLines({ url, caPem, skipVerify, overridePath }: RegistryMirror, caFile: string): string[] {
  // With a word about TLS, containerd would try https at an http address first.
  const isPlain = url.startsWith("http://");
  return [
    ...(overridePath ? ["override_path = true"] : []),
    ...(skipVerify && !isPlain ? ["skip_verify = true"] : []),
    ...(caPem !== undefined && !isPlain ? [`ca = ${quote(caFile)}`] : []),
  ];
}

/** It goes to the registry's server of tokens, too, if there is one: that is how containerd logs in. */
function headerLine(
  { username, password }: RegistryMirror,
  encodeBase64: (text: string) => string,
): string | undefined {
  if (username === undefined || password === undefined) return undefined;
  return `Authorization = ${quote(`Basic ${encodeBase64(`${username}:${password}`)}`)}`;
}

function isItself(host: string, url: string): boolean {
  const [, name = ""] = /^https?:\/\/([^/]+)\/?$/.exec(url) ?? [];
  return name === host || (host === "docker.io" && DOCKER_HUB.includes(name));
}

function serverUrl(url: string): string {
  return DOCKER_HUB.some((name) => url.replace(/\/$/, "").endsWith(`//${name}`))
    ? "https://registry-1.docker.io"
    : url;
}

/** A basic string of TOML: JSON's, but for one character that TOML wants escaped. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
