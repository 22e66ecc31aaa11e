// The name, the disk and swap. Pure.
import { usualName } from "../../../release/data-places.ts";
import { storageOf } from "../../storage.ts";
import { SWAP_FILE } from "../decide/system.ts";
import type { Finding } from "../problems.ts";
import type { NodeConfig } from "../schema/schema.ts";

export function crossCheckSystem(config: NodeConfig): Finding[] {
  const findings: Finding[] = [];
  const warn = (path: string[], message: string, hint?: string) =>
    findings.push({ severity: "warning", path, message, hint, isAboutKey: true });

  for (const key of ["hostname", "fqdn"] as const) {
    const name = config[key];
    if (name == null) continue;
    if (/[A-Z]/.test(name))
      warn([key], `Kubernetes takes lower case only: it will be "${name.toLowerCase()}"`);
    if (config.preserve_hostname) warn([key], "no effect: preserve_hostname keeps the name as it is");
  }
  if (config.prefer_fqdn_over_hostname)
    warn(["prefer_fqdn_over_hostname"], "no effect: the machine's name is the part before the first dot");
  if (config.create_hostname_file === false)
    warn(["create_hostname_file"], "no effect: the name is always kept");
  const { mode } = config.growpart ?? {};
  if (mode === "off" || mode === false)
    warn(["growpart", "mode"], "no effect: the data partition always grows to the end of its disk");
  const devices = config.growpart?.devices;
  if (devices != null && JSON.stringify(devices) !== '["/"]')
    warn(["growpart", "devices"], "no effect: it is always the data partition that grows");
  if (config.resize_rootfs === false)
    warn(["resize_rootfs"], "no effect: the data partition's file system always grows with it");
  if (config.ca_certs != null && config["ca-certs"] != null)
    warn(["ca-certs"], "no effect: ca_certs is there, too", "join them");
  return [...findings, ...swapSize(config), ...swapFile(config)];
}

function swapSize({ swap }: NodeConfig): Finding[] {
  if (swap == null || (swap.size != null && swap.size !== "auto")) return [];
  const message =
    swap.size === "auto"
      ? "no effect: a node doesn't choose how much swap it has"
      : "no effect: without a size there is no swap";
  const path = swap.size === "auto" ? ["swap", "size"] : ["swap"];
  return [{ severity: "warning", path, message, hint: "write a size such as size: 1G", isAboutKey: true }];
}

function swapFile(config: NodeConfig): Finding[] {
  const file = config.swap?.filename;
  if (file == null) return [];
  const storage = storageOf(file, Object.keys(config.kubesolo?.registries ?? {}));
  const path = ["swap", "filename"];
  const hint = `take ${SWAP_FILE}, or leave filename out for compressed memory`;
  if (storage.is === "refused" && storage.because !== "root")
    return [{ severity: "error", path, message: `"${file}" can't be a swap file: ${storage.reason}`, hint }];
  if ((config.write_files ?? []).some((written) => usualName(written.path) === usualName(file)))
    return [
      { severity: "error", path, message: `"${file}" is one of write_files, too`, hint: "take another path" },
    ];
  if (storage.is === "lasting") return [];
  const message = `it will be ${SWAP_FILE}: there can be none at "${file}"`;
  return [{ severity: "warning", path, message, hint }];
}
