// Where Kubernetes' part of a configuration lies; pure.
import { runPath } from "../../../release/run-files.ts";
import { places } from "../../places.ts";

export const kubernetesPlaces = {
  registryHosts: places.registryHosts,
  /** Links to the archives that the engine loads besides its own; in memory, so none of them gets stale. */
  imageLinks: runPath("images"),
  /** Where a configuration's volume is mounted while the first half of a boot runs… */
  volume: places.volume,
  /** …and stays mounted for the engine when archives are on it. */
  imageVolume: runPath("image-volume"),
  /** Manifests that came on a volume, for boots without it. */
  keptManifests: "/etc/kubesolo/agent/manifests",
  /** People's own, and those of the image. */
  manifestFolders: ["/usr/lib/kubesolo-os/manifests", "/etc/kubesolo/manifests"],
  /** What was applied; beside the cluster that it is true of, so it is lost with it. */
  appliedManifests: "/var/lib/kubesolo/agent/manifests.json",
} as const;
