// The container images of the test kit, of Debian's packages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerImage } from "../image/container-image.ts";
import { programsWithLibraries } from "../image/libraries.ts";
import { busybox } from "../image/rootfs.ts";
import { sourcePath } from "../lib/paths.ts";
import { hostFolder } from "../tree/host.ts";
import { directory, makeTree, symlink } from "../tree/tree.ts";

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

/** Debian's iptables with all its matches, in the kernel's nftables as Debian has it, and a shell: what meshes start pods with. */
export async function meshImage(packagesRoot: string, architecture: string): Promise<ContainerImage> {
  const matches = "usr/lib/x86_64-linux-gnu/xtables";
  return {
    name: "localhost/mesh:1",
    architecture,
    config: { Entrypoint: ["/bin/sh"], Env: ["PATH=/usr/sbin:/usr/bin"] },
    tree: makeTree([
      ...(await busybox(packagesRoot)),
      ...(await programsWithLibraries(packagesRoot, ["usr/sbin/xtables-nft-multi"])),
      ...hostFolder(matches, join(packagesRoot, matches)),
      symlink("usr/sbin/iptables", "xtables-nft-multi"),
      symlink("bin", "usr/bin"),
      symlink("lib64", "usr/lib64"),
      ...["etc", "run"].map((path) => directory(path)),
      directory("tmp", 0o1777),
    ]),
  };
}
