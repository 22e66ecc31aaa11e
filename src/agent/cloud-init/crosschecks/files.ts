// write_files on a system whose root can't be written: where a file can lie, and what people meant by other places. Pure.
import { storageOf } from "../../storage.ts";
import type { Finding } from "../problems.ts";
import type { NodeConfig } from "../schema/schema.ts";

const ANYWHERE =
  "kept: below /etc/kubesolo, /var/lib/kubesolo, /var/log and /usr/local; until the next boot, and written again then: below /run, /tmp and /var";

/** What does the same here, by the beginning of the path. */
const INSTEAD: readonly [begin: string, hint: string][] = [
  ["/etc/rancher/", "settings of the engine go to kubesolo.config, registries to kubesolo.registries"],
  ["/var/lib/rancher/", "manifests go to kubesolo.manifests, images to kubesolo.images"],
  ["/etc/kubernetes/", "settings of the engine go to kubesolo.config, manifests to kubesolo.manifests"],
  ["/etc/containerd/", "registries go to kubesolo.registries"],
  ["/etc/docker/", "registries go to kubesolo.registries"],
  ["/etc/netplan/", "put the network below network"],
  ["/etc/network/", "put the network below network"],
  ["/etc/systemd/", "the system has no systemd: use bootcmd, or a pod"],
  ["/etc/init.d/", "use bootcmd, or a pod"],
  ["/etc/rc.local", "use bootcmd"],
  ["/etc/cron", "use a CronJob"],
  ["/etc/sysctl", "use bootcmd with `sysctl -w name=value`"],
  ["/etc/modules", "use bootcmd with `modprobe name`"],
  ["/etc/modprobe.d/", "use bootcmd with `modprobe name option=value`"],
  ["/etc/hosts", "use a hostAlias of the pod, or bootcmd"],
  ["/etc/hostname", "use hostname"],
  ["/etc/resolv.conf", "use nameservers below network"],
  ["/etc/ssl/", "use ca_certs"],
  ["/etc/ca-certificates/", "use ca_certs"],
  ["/usr/local/share/ca-certificates/", "use ca_certs"],
  ["/etc/ssh/", "keys go to ssh_authorized_keys"],
  ["/root/", "the system keeps no homes; keys go to ssh_authorized_keys"],
  ["/home/", "the system keeps no homes; keys go to ssh_authorized_keys"],
  ["/etc/ntp", "use ntp"],
  ["/etc/chrony", "use ntp"],
  ["/etc/localtime", "use timezone"],
  ["/etc/timezone", "use timezone"],
  ["/etc/apt/", "the system has no apt: put programs in a container"],
];

export function crossCheckFiles(config: NodeConfig): Finding[] {
  const registries = Object.keys(config.kubesolo?.registries ?? {});
  return (config.write_files ?? []).flatMap(({ path }, index): Finding[] => {
    const instead = INSTEAD.find(([begin]) => path.startsWith(begin))?.[1];
    const at = { path: ["write_files", index, "path"] };
    const storage = storageOf(path, registries);
    if (storage.is === "refused" && storage.because !== "root") {
      const message = `"${path}" can't be yours: ${storage.reason}`;
      return [{ severity: "error", ...at, message, hint: storage.hint }];
    }
    if (storage.is === "refused") {
      const message = `the root is immutable: there can be no "${path}"`;
      return [{ severity: "error", ...at, message, hint: instead ?? ANYWHERE }];
    }
    if (instead === undefined) return [];
    return [{ severity: "warning", ...at, message: "nothing here reads that file", hint: instead }];
  });
}
