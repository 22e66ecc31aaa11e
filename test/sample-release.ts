// What a release says of itself, for tests that aren't about what it says.
import { type ReleaseManifest, slotFiles } from "../src/release/release-manifest.ts";

export function sampleRelease(changed: Partial<ReleaseManifest> = {}): ReleaseManifest {
  return {
    product: "kubesolo-os",
    version: "1.2.0",
    sequence: 12,
    architecture: "amd64",
    profile: "vm",
    layout: 1,
    kubernetes: "v1.37.2",
    min_compatible_version: "1.0.0",
    root_hash: "ab".repeat(32),
    files: slotFiles.map((name) => ({ name, size: 10, sha256: "cd".repeat(32) })),
    notes: "",
    ...changed,
  };
}
