// What an image for development has besides, of `build --ssh`: an SSH server, a login on the serial console, and whose keys open it.
import { readFileSync } from "node:fs";
import { sourcePath } from "../lib/paths.ts";
import { type Entry, hostFile, textFile } from "../tree/tree.ts";
import { readSshKeys } from "./baked/ssh-keys.ts";
import { programsWithLibraries } from "./libraries.ts";

/** Of Debian's dropbear-bin. */
const PROGRAMS = ["usr/sbin/dropbear", "usr/bin/dropbearkey"];
const SERVICES = ["accounts", "ssh", "login"] as const;

/** `packagesRoot`: where the group ssh is unpacked. `keys`: host path of a KEY.pub. */
export async function developmentFiles(packagesRoot: string, keys: string, folder: string): Promise<Entry[]> {
  return [
    ...(await programsWithLibraries(packagesRoot, PROGRAMS)),
    ...SERVICES.map((name) => hostFile(`${folder}/services/${name}`, sourcePath("init/development", name))),
    textFile(
      `${folder}/authorized-keys`,
      readSshKeys(keys)
        .map((key) => `${key}\n`)
        .join(""),
      0o600,
    ),
    // What is put in its place lies in memory.
    textFile("etc/shadow", "", 0o600),
  ];
}

/** /etc/inittab with what BusyBox init starts besides. */
export function developmentInittab(): Entry {
  const service = (name: (typeof SERVICES)[number]) => `/usr/lib/kubesolo-os/services/${name}`;
  const lines = [
    `::sysinit:${service("accounts")}`,
    `::respawn:${service("ssh")}`,
    `::respawn:${service("login")}`,
  ];
  const text = readFileSync(sourcePath("rootfs/etc/inittab"), "utf8");
  return textFile("etc/inittab", `${text}${lines.join("\n")}\n`);
}
