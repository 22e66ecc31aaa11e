// write_files on a system whose root can't be written: where a file can lie, and what people meant by other places. Pure.
import { storageOf } from "../../storage.ts";
import { isOnlyOnNetwork } from "../decide/files.ts";
import type { Finding, Path } from "../problems.ts";
import { strangersOf } from "../programs.ts";
import type { ConfigFile } from "../schema/files.ts";
import type { NodeConfig } from "../schema/schema.ts";
import { type Decoder, MAX_FILE_BYTES } from "../source.ts";

const ANYWHERE =
  "kept: below /etc/kubesolo, /var/lib, /var/log and /usr/local; until the next boot, and written again then: below /run, /tmp and /var";

/** What the engine reads below one of those. */
const READ = "/etc/containerd/conf.d/";

/** What does the same here, by the beginning of the path. */
const INSTEAD: readonly [begin: string, hint: string][] = [
  ["/etc/rancher/", "settings of the engine go to kubesolo.config, registries to kubesolo.registries"],
  ["/var/lib/rancher/", "manifests go to kubesolo.manifests, images to kubesolo.images"],
  ["/etc/kubernetes/", "settings of the engine go to kubesolo.config, manifests to kubesolo.manifests"],
  ["/etc/containerd/", `registries go to kubesolo.registries, runtimes to a file in ${READ}`],
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

const FROM_NETWORK = {
  message: "left out: the node loads no files from the network for its configuration",
  hint: "write the content here, or fetch it in runcmd",
};

export function crossCheckFiles(config: NodeConfig, decoder: Decoder): Finding[] {
  const registries = Object.keys(config.kubesolo?.registries ?? {});
  return (config.write_files ?? []).flatMap((file, index): Finding[] => {
    const { path } = file;
    const instead = path.startsWith(READ)
      ? undefined
      : INSTEAD.find(([begin]) => path.startsWith(begin))?.[1];
    const at = { path: ["write_files", index, "path"] };
    const storage = storageOf(path, registries);
    if (storage.is === "refused" && storage.because !== "root") {
      const message = `"${path}" can't be yours: ${storage.reason}`;
      return [{ severity: "error", ...at, message, hint: storage.hint }];
    }
    if (storage.is === "refused") {
      const message = `left out: the root is immutable, and there can be no "${path}"`;
      return [{ severity: "warning", ...at, message, hint: instead ?? ANYWHERE }];
    }
    const own = file.owner == null ? [] : strangersOf(file.owner);
    return [
      ...(isOnlyOnNetwork(file) ? [{ severity: "warning" as const, ...at, ...FROM_NETWORK }] : []),
      ...own.map(
        (who): Finding => ({
          severity: "warning",
          path: ["write_files", index, "owner"],
          message: `the system has no ${who}: the file is root's`,
          hint: "take root:root, or numbers",
        }),
      ),
      ...broken(file, ["write_files", index, "content"], decoder),
      ...(instead === undefined
        ? []
        : [{ severity: "warning" as const, ...at, message: "nothing here reads that file", hint: instead }]),
    ];
  });
}

/** The device undoes it by the same means. */
function broken({ content, encoding }: ConfigFile, path: Path, decoder: Decoder): Finding[] {
  if (content == null || !encoding?.isGzip) return [];
  try {
    decoder.decompress(decoder.decodeBase64(content.replace(/\s/g, "")), "gzip", MAX_FILE_BYTES);
    return [];
  } catch {
    const message = "no gzip data, which its encoding says, or larger than 16 MiB without it";
    return [{ severity: "error", path, message, hint: "make it with `gzip -c FILE | base64`" }];
  }
}
