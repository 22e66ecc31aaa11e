// The data partition: which of its folders is seen where, and so by which names. Pure.

/** The data partition. */
export const DATA = "/data";

/** Folders of the data partition, and where each is bound, in this order. */
export const dataBinds = [
  { folder: "var-lib", seenAt: "/var/lib" },
  { folder: "kubesolo", seenAt: "/var/lib/kubesolo" },
  { folder: "containerd", seenAt: "/var/lib/containerd" },
  { folder: "etc-kubesolo", seenAt: "/etc/kubesolo" },
  { folder: "log", seenAt: "/var/log" },
  { folder: "usr-local", seenAt: "/usr/local" },
] as const;

/** Links that the system makes itself, in what is in memory and on its root. */
const LINKS = [
  { from: "/var/run", to: "/run" },
  { from: "/etc/cni", to: "/var/lib/kubesolo/cni" },
  { from: "/opt/cni", to: "/var/lib/kubesolo/cni" },
  { from: "/etc/containerd", to: "/var/lib/kubesolo/etc-containerd" },
  { from: "/etc/cdi", to: "/var/lib/kubesolo/etc-cdi" },
];

/** The one name of what has several: by a link of the system's, or on the data partition and where it is bound. */
export function usualName(path: string): string {
  const direct = LINKS.reduce((name, { from, to }) => moved(name, from, to), path);
  return dataBinds.reduce((name, { folder, seenAt }) => moved(name, `${DATA}/${folder}`, seenAt), direct);
}

function moved(path: string, from: string, to: string): string {
  return isBelow(path, from) ? to + path.slice(from.length) : path;
}

/** Whether a path is that folder or in it. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path.charAt(folder.length) === "/");
}
