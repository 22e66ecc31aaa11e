// Finds the manifests that count: of the image, in people's own folder, and of the configuration.
import type { Manifest } from "../../cloud-init/actions.ts";
import { isHostFailure, listIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { parseManifest } from "./manifest-objects.ts";
import type { WantedManifest } from "./manifest-plan.ts";
import { kubernetesPlaces } from "./places.ts";

const MAX_BYTES = 4 * 1024 * 1024;

export interface FoundManifests {
  readonly wanted: readonly WantedManifest[];
  readonly problems: readonly string[];
}

/** Takes along what is on the configuration's volume: it is gone when the API is up, and maybe at the next boot. */
export function keepManifests(host: Host, manifests: readonly Manifest[]): readonly string[] {
  const problems: string[] = [];
  const onVolume = manifests.filter(isOnVolume);
  for (const { name, source } of onVolume) {
    const path = `${kubernetesPlaces.volume}/${source.path}`;
    // A link could lead anywhere on the device.
    if (host.stat(path)?.kind === "file") keepText(host, name, host.readText(path, MAX_BYTES));
    else if (host.stat(keptPath(name)) === undefined)
      problems.push(`manifests: there is no ${source.path} on the configuration's volume`);
  }
  const names = onVolume.map(({ name }) => name);
  for (const name of listIfThere(host, kubernetesPlaces.keptManifests))
    if (!names.includes(name)) host.remove(keptPath(name));
  return problems;
}

export function findManifests(host: Host, manifests: readonly Manifest[]): FoundManifests {
  const files = kubernetesPlaces.manifestFolders.flatMap((folder) =>
    listIfThere(host, folder)
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .map((name) => ({
        name: `${folder}/${name}`,
        read: () => host.readText(`${folder}/${name}`, MAX_BYTES),
      })),
  );
  const configured = manifests.map((manifest) => ({
    name: `configuration/${manifest.name}`,
    read: () => readConfigured(host, manifest),
  }));
  const wanted: WantedManifest[] = [];
  const problems: string[] = [];
  for (const { name, read } of [...files, ...configured]) {
    try {
      const text = read();
      const parsed = parseManifest(text);
      if (parsed.problems.length === 0)
        wanted.push({ name, text, sha256: host.sha256(text), objects: parsed.objects });
      problems.push(...parsed.problems.map((problem) => `manifest ${name}: ${problem}`));
    } catch (error) {
      if (!isHostFailure(error)) throw error;
      problems.push(`manifest ${name}: ${error.message}`);
    }
  }
  return { wanted, problems };
}

function readConfigured(host: Host, { name, source }: Manifest): string {
  if ("text" in source) return source.text;
  return host.readText(source.path.startsWith("/") ? source.path : keptPath(name), MAX_BYTES);
}

function keepText(host: Host, name: string, text: string): void {
  const path = keptPath(name);
  if (host.stat(path) === undefined || host.readText(path, MAX_BYTES) !== text)
    host.writeFile(path, text, { mode: 0o600 });
}

function isOnVolume(manifest: Manifest): manifest is Manifest & { source: { path: string } } {
  return "path" in manifest.source && !manifest.source.path.startsWith("/");
}

function keptPath(name: string): string {
  return `${kubernetesPlaces.keptManifests}/${name}`;
}
