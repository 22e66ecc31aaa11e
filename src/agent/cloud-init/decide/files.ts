// write_files → files. Pure.
import type { Action, Content } from "../actions.ts";
import type { ConfigFile } from "../schema/files.ts";
import type { NodeConfig } from "../schema/schema.ts";

/** On the data partition; docs/boot.md has its binds. */
const KEPT = [
  "/etc/kubesolo/",
  "/var/lib/kubesolo/",
  "/var/lib/containerd/",
  "/var/log/",
  "/usr/local/",
  "/data/",
];
/** In memory: gone with the next boot. */
const VOLATILE = ["/run/", "/tmp/", "/var/", "/dev/shm/"];

export function decideFiles(config: NodeConfig): Extract<Action, { do: "write-file" }>[] {
  return (config.write_files ?? []).map((file) => ({
    do: "write-file",
    moment: file.defer ? "online" : "boot",
    // What is gone with a reboot must come back, for "once" to mean what it does on a disk.
    frequency: isKept(file.path) ? "once" : "each-boot",
    path: file.path,
    content: contentOf(file),
    mode: file.permissions ?? 0o644,
    ...(file.owner != null && { owner: file.owner }),
    append: file.append ?? false,
    isSecret: true,
  }));
}

export function isKept(path: string): boolean {
  return KEPT.some((folder) => path.startsWith(folder));
}

export function isWritable(path: string): boolean {
  return isKept(path) || VOLATILE.some((folder) => path.startsWith(folder));
}

function contentOf({ content, encoding }: ConfigFile): Content {
  if (encoding?.isBase64) {
    return { encoding: "base64", text: (content ?? "").replace(/\s/g, ""), isGzip: encoding.isGzip };
  }
  return { encoding: "text", text: content ?? "" };
}
