// Links the configuration's image archives to where the engine loads them from. Effects only.
import type { Host } from "../../host.ts";
import { type ImageLink, planImageLinks } from "./image-links.ts";
import { kubernetesPlaces } from "./places.ts";

/** Returns what is missing; the boot goes on without it. Called while the configuration's volume is mounted. */
export function linkImages(host: Host, archives: readonly string[]): readonly string[] {
  host.remove(kubernetesPlaces.imageLinks);
  const links = planImageLinks(archives);
  const present = links.filter((link) => isThere(host, link));
  const problems = links.filter((link) => !present.includes(link)).map(missing);
  if (present.length === 0) return problems;
  const unmounted = present.some(({ isOnVolume }) => isOnVolume) ? keepVolume(host) : [];
  host.makeDirectory(kubernetesPlaces.imageLinks);
  for (const { name, archive, isOnVolume } of present)
    host.makeSymlink(
      isOnVolume ? `${kubernetesPlaces.imageVolume}/${archive}` : archive,
      `${kubernetesPlaces.imageLinks}/${name}`,
    );
  return [...problems, ...unmounted];
}

/** The agent lets the volume go before the engine starts; through a second mount it stays, read-only as it is. */
function keepVolume(host: Host): readonly string[] {
  const { volume, imageVolume } = kubernetesPlaces;
  host.makeDirectory(imageVolume);
  const mounted = host.run(["mount", "-o", "bind", volume, imageVolume], { timeoutMs: 20_000 });
  return mounted.exitCode === 0 ? [] : [`images: cannot keep the volume: ${mounted.stderr.trim()}`];
}

function isThere(host: Host, { archive, isOnVolume }: ImageLink): boolean {
  const kind = host.stat(isOnVolume ? `${kubernetesPlaces.volume}/${archive}` : archive)?.kind;
  // On a stranger's volume a link could lead anywhere on the device.
  return kind === "file" || (kind === "symlink" && !isOnVolume);
}

function missing({ archive, isOnVolume }: ImageLink): string {
  const where = isOnVolume ? "on the configuration's volume" : "on this device";
  return `images: there is no archive ${archive} ${where}; what was loaded from it before is still there`;
}
