// Makes containerd's certs.d what the configuration says; folders that somebody else made stay. Effects only.
import type { Registry } from "../../cloud-init/actions.ts";
import { listIfThere, readOwnText } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { FIRST_LINE, registryFiles } from "./hosts-toml.ts";
import { kubernetesPlaces } from "./places.ts";

const MAX_BYTES = 1024 * 1024;

export function replaceRegistries(host: Host, registries: readonly Registry[]): void {
  for (const registry of registries) writeRegistry(host, registry);
  const wanted = registries.map((registry) => registry.host);
  for (const name of listIfThere(host, kubernetesPlaces.registryHosts))
    if (!wanted.includes(name) && isOurs(host, name)) host.remove(folderOf(name));
}

function writeRegistry(host: Host, registry: Registry): void {
  const folder = folderOf(registry.host);
  const files = registryFiles(registry, (text) => host.encodeBase64(host.encodeUtf8(text)));
  for (const { name, content } of files) {
    const path = `${folder}/${name}`;
    const isSame = readOwnText(host, path, MAX_BYTES) === content && host.stat(path)?.mode === 0o600;
    // A password may be in it.
    if (!isSame) host.writeFile(path, content, { mode: 0o600 });
  }
  const names = files.map(({ name }) => name);
  for (const name of listIfThere(host, folder))
    if (/^authority-\d+\.pem$/.test(name) && !names.includes(name)) host.remove(`${folder}/${name}`);
}

function isOurs(host: Host, name: string): boolean {
  return readOwnText(host, `${folderOf(name)}/hosts.toml`, MAX_BYTES)?.startsWith(`${FIRST_LINE}\n`) ?? false;
}

function folderOf(registry: string): string {
  return `${kubernetesPlaces.registryHosts}/${registry}`;
}
