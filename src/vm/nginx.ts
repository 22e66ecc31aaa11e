// nginx on a node, from examples/nginx: what people are shown, and what machines are measured and tested with.
import { sourcePath } from "../lib/paths.ts";
import type { Limit } from "../lib/wait.ts";
import { type Cluster, hostPortOf, importImages, kubectl, waitForPage } from "./cluster.ts";
import type { MachineOptions } from "./machine-options.ts";

/** The node's port of its Service. */
export const nginxGuestPort = 30080;

const serial = "nginx";

/** A disk for the machine, with nginx's image: the archive's host path. */
export function nginxDisk(archive: string): MachineOptions["readOnlyDisks"][number] {
  return { path: archive, serial };
}

/** Needs the disk; nothing is pulled. */
export async function deployNginx(cluster: Cluster, limit: Limit): Promise<void> {
  await importImages(cluster.machine, serial, limit);
  await kubectl(cluster, "apply", "--filename", sourcePath("examples/nginx/nginx.yaml"));
}

/** Waits for its page as somebody outside the machine sees it. */
export function waitForNginx({ machine }: Cluster, limit: Limit): Promise<void> {
  const url = `http://127.0.0.1:${hostPortOf(machine, nginxGuestPort)}`;
  return waitForPage(machine, url, "nginx", limit);
}
