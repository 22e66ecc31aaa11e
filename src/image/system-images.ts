// The container images that the system itself needs on the device; we pack them ourselves.
import { join } from "node:path";
import { buildPath } from "../lib/paths.ts";
import { directory, hostFile, makeTree, symlink } from "../tree/tree.ts";
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
  const archives: Record<string, string> = {};
  const digests: Record<string, string> = {};
  for (const [file, image] of Object.entries(systemImages(architecture))) {
    archives[file] = join(folder, file);
    digests[image.name] = await writeOciArchive(image, join(folder, file), epoch);
  }
  return { archives, digests };
}

/** Names of the archives. */
export const SYSTEM_ARCHIVES = ["pause.tar", "tools.tar"] as const;

function systemImages(architecture: string): Record<(typeof SYSTEM_ARCHIVES)[number], ContainerImage> {
  return { "pause.tar": pauseImage(architecture), "tools.tar": toolsImage(architecture) };
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

/**
 * For `kubectl debug node/…`, which mounts the node's root at /host: nothing but links to there. Its programs are the box's own, for
 * nearly no bytes; docs/decisions/0015-tools-image.md.
 */
function toolsImage(architecture: string): ContainerImage {
  return {
    name: "localhost/tools:1",
    architecture,
    config: { Entrypoint: ["/bin/sh"], Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] },
    tree: makeTree([
      ...["usr", "bin", "sbin", "lib", "lib64"].map((name) => symlink(name, `/host/${name}`)),
      // What is mounted on, and where programs leave something.
      ...["host", "etc", "var", "run", "root"].map((name) => directory(name)),
      directory("tmp", 0o1777),
    ]),
  };
}
