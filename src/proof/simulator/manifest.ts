// A release of the model as a release.json would say it.
import { PRODUCT, type ReleaseManifest } from "../../release/release-manifest.ts";
import type { Release } from "./life.ts";

export function manifestOf({ version, sequence, kubernetes }: Release): ReleaseManifest {
  return {
    ...{ product: PRODUCT, version, sequence, kubernetes, architecture: "amd64", profile: "vm", layout: 1 },
    ...{ min_compatible_version: "1.0.0", root_hash: "", files: [], notes: "" },
  };
}
