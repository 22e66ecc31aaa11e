// The name, the disk and swap. Pure.
import { storageOf } from "../../storage.ts";
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
  return [...findings, ...swapFile(config)];
}

function swapFile({ swap }: NodeConfig): Finding[] {
  const file = swap?.filename;
  if (file == null) return [];
  const storage = storageOf(file);
  if (storage.is === "lasting") return [];
  const isOwned = storage.is === "refused" && storage.because !== "root";
  const message = isOwned
    ? `"${file}" can't be a swap file: ${storage.reason}`
    : `must be on the data partition, not "${file}"`;
  const hint = "take /var/lib/kubesolo/swap, or leave filename out for compressed memory";
  return [{ severity: "error", path: ["swap", "filename"], message, hint }];
}
