// For tests: a device in a folder that boots with a configuration, which the test's end removes.
import { rmSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { Action, Decision } from "../../../src/agent/cloud-init/actions.ts";
import { boot } from "../../../src/agent/configuration/boot.ts";
import type { Load } from "../../../src/agent/configuration/choice.ts";
import { readReport, reportLine } from "../../../src/agent/configuration/report.ts";
import { type FolderHost, folderHost, makeDevice, readDevice, type World } from "./folder-host.ts";

/** Decisions are written as JSON here: what turns people's YAML into them has its own tests. */
export const load: Load = (sources) => {
  const text = sources.find(({ kind }) => kind === "user-data")?.text ?? "";
  if (text.startsWith("break")) throw new TypeError("no such thing");
  if (!text.startsWith("{")) return { errors: ["user-data:1: not a configuration"], warnings: [] };
  return { decision: JSON.parse(text) as Decision, errors: [], warnings: [] };
};

export const decision = (actions: readonly Action[], instanceId = "i-1"): string =>
  JSON.stringify({ instanceId, actions });
export const named = (name: string) => decision([{ do: "set-hostname", name }]);

export function device(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = makeDevice({ "usr/share/ca-certificates/ca-certificates.crt": "SYSTEM\n", ...files });
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

export const bootDevice = (root: string, world?: World): FolderHost => {
  const host = folderHost(root, world);
  boot(host, load, []);
  return host;
};

/** blkid shows these devices; mounting one shows its files. */
export function volumes(
  files: Readonly<Record<string, Readonly<Record<string, string>>>>,
  blkid: string,
): World {
  return {
    run: (args, at) => {
      if (args[0] === "blkid") return { stdout: blkid };
      const folder = at("/run/kubesolo-os/configuration-volume");
      if (args[0] === "umount") rmSync(folder, { recursive: true });
      if (args[0] !== "mount") return undefined;
      const path = args.at(-2) ?? "";
      const made = folderHost(folder);
      for (const [name, text] of Object.entries(files[path] ?? {})) made.writeFile(`/${name}`, text);
      return undefined;
    },
  };
}

export const stick = "DEVNAME=/dev/sda\nLABEL=cidata\nTYPE=vfat\n";
export const esp = "\nDEVNAME=/dev/vda2\nPARTLABEL=KSOLOEFI\nTYPE=vfat\n";
export const baked = (text: string) => ({ "usr/lib/kubesolo-os/cloud-init/user-data": text });
export const kept = (text: string) => ({ "etc/kubesolo/cloud-init.yaml": text });
export const word = (value: string) => ({ "run/kubesolo-os/cmdline": `kubesolo.cloudinit=${value}\n` });
export const bootDisk = { "run/kubesolo-os/boot-disk": "vda\n" };
export const makeNewer = (root: string, files: Readonly<Record<string, string>>) => {
  const host = folderHost(root);
  for (const [path, text] of Object.entries(files)) host.writeFile(`/${path}`, text);
};
export const hostname = (root: string) =>
  readDevice(root, "/etc/kubesolo/hostname")["/etc/kubesolo/hostname"]?.trim();
export const line = (root: string) => {
  const report = readReport(folderHost(root));
  return report && reportLine(report);
};

export const file: Extract<Action, { do: "write-file" }> = {
  do: "write-file",
  moment: "boot",
  frequency: "once",
  path: "/usr/local/x",
  content: { encoding: "text", text: "text\n" },
  mode: 0o644,
  append: false,
  isSecret: false,
};

/** Actions of many kinds, with files of each sort. */
export const everything = decision([
  { do: "set-hostname", name: "node" },
  { do: "set-time-servers", servers: ["10.0.0.1"], isEnabled: true },
  { do: "trust-authorities", pem: ["OURS"], removeDefaults: false },
  { do: "keep-accounts", accounts: [] },
  { do: "configure-engine", config: { network: { mtu: 1400 } }, flags: "--debug" },
  { do: "set-node-labels", labels: { site: "barn" } },
  { do: "set-updates", updates: {} },
  { do: "set-probes", probes: {} },
  file,
  { ...file, append: true },
  { ...file, append: true },
  { ...file, path: "/run/passing", append: true },
  { ...file, path: "/usr/local/y", content: { encoding: "base64", text: btoa("y\n"), isGzip: false } },
]);
