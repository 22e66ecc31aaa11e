// The container images that the system itself needs on the device; we pack them ourselves.
import { join } from "node:path";
import { buildPath } from "../lib/paths.ts";
import { hostFile, makeTree } from "../tree/tree.ts";
import { type ContainerImage, writeOciArchive } from "./container-image.ts";
import type { Architecture } from "./debian/inputs.ts";

export interface SystemImages {
  /** OCI archives: file name → host path. */
  readonly archives: Readonly<Record<string, string>>;
  /** Image name → "sha256:…". */
  readonly digests: Readonly<Record<string, string>>;
}

/** Packs all of them into the host folder `folder`. */
export async function writeSystemImages(
  folder: string,
  architecture: Architecture,
  epoch: number,
): Promise<SystemImages> {
  const archive = join(folder, "pause.tar");
  const image = pauseImage(architecture);
  const digest = await writeOciArchive(image, archive, epoch);
  return { archives: { "pause.tar": archive }, digests: { [image.name]: digest } };
}

/** What every pod's sandbox runs. */
function pauseImage(architecture: string): ContainerImage {
  return {
    name: "localhost/pause:1",
    architecture,
    config: { Entrypoint: ["/pause"], User: "65535:65535" },
    tree: makeTree([hostFile("pause", buildPath("engine/pause"))]),
  };
}
