// The container images that we pack ourselves.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { hostFolder } from "../tree/host.ts";
import { directory, hostFile, makeTree, symlink } from "../tree/tree.ts";
import { type ContainerImage, writeOciArchive } from "./container-image.ts";
import type { Architecture } from "./debian/inputs.ts";
import { programsWithLibraries } from "./libraries.ts";
import { busybox } from "./rootfs.ts";

/** OCI archives; host paths. */
export interface SystemImages {
  readonly nginx: string;
  readonly busybox: string;
  /** Those that are part of the root: file name → host path. */
  readonly onDevice: Readonly<Record<string, string>>;
  /** Of the same: image name → "sha256:…". */
  readonly digests: Readonly<Record<string, string>>;
}

interface ImageSources {
  /** Where the rootfs group is unpacked, and the nginx group. */
  readonly packagesRoot: string;
  readonly nginxRoot: string;
  readonly architecture: Architecture;
  readonly epoch: number;
}

/** Packs all of them into the host folder `folder`. */
export async function writeSystemImages(
  folder: string,
  { packagesRoot, nginxRoot, architecture, epoch }: ImageSources,
): Promise<SystemImages> {
  const pause = join(folder, "pause.tar");
  const nginx = join(folder, "nginx.tar");
  const busybox = join(folder, "busybox.tar");
  const pauseOf = pauseImage(architecture);
  const pauseDigest = await writeOciArchive(pauseOf, pause, epoch);
  await writeOciArchive(await busyboxImage(packagesRoot, architecture), busybox, epoch);
  await writeOciArchive(await nginxImage(nginxRoot, architecture), nginx, epoch);
  return {
    nginx,
    busybox,
    onDevice: { "pause.tar": pause },
    digests: { [pauseOf.name]: pauseDigest },
  };
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

/** Debian's BusyBox, each command by its name: a client for other pods. */
export async function busyboxImage(packagesRoot: string, architecture: string): Promise<ContainerImage> {
  return {
    name: "localhost/busybox:1",
    architecture,
    config: { Entrypoint: ["/bin/sh"], Env: ["PATH=/usr/bin"] },
    tree: makeTree([
      ...(await busybox(packagesRoot)),
      symlink("bin", "usr/bin"),
      directory("tmp", 0o1777),
      directory("etc"),
    ]),
  };
}

/** Debian's nginx, serving a page on port 80: the first workload of `make up`. */
export async function nginxImage(packagesRoot: string, architecture: string): Promise<ContainerImage> {
  const mimeTypes = join(packagesRoot, "etc/nginx/mime.types");
  return {
    name: "localhost/nginx:1",
    architecture,
    config: {
      Entrypoint: ["/usr/sbin/nginx", "-g", "daemon off;"],
      Env: ["PATH=/usr/sbin:/usr/bin"],
      ExposedPorts: { "80/tcp": {} },
    },
    tree: makeTree([
      ...(await programsWithLibraries(packagesRoot, ["usr/sbin/nginx"])),
      ["lib64", { type: "symlink", target: "usr/lib64" }],
      ["etc/nginx/mime.types", { type: "file", mode: 0o644, content: { bytes: readFileSync(mimeTypes) } }],
      ...hostFolder("", sourcePath("images/nginx")),
      ...["run", "var/log/nginx", "var/lib/nginx"].map((path) => directory(path)),
      directory("tmp", 0o1777),
    ]),
  };
}
