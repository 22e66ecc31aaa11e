// Debian's firmware, as it lies in the folder that QEMU's packages are unpacked in.
import { copyFileSync } from "node:fs";
import { join } from "node:path";

/** Where QEMU looks for the BIOS and the cards' ROMs. By itself it would take the host's, of another version. */
export function firmwareFolders(qemu: string): string[] {
  return ["usr/share/qemu", "usr/share/seabios"].map((folder) => join(qemu, folder));
}

/** OVMF: its code is shared and read-only, the variables are a private copy. */
export function uefiCode(qemu: string): string {
  return join(qemu, "usr/share/OVMF/OVMF_CODE_4M.fd");
}

/** Fresh at every power-on: boot entries of an earlier disk must not decide what boots. */
export function makeFirmwareVariables(qemu: string, path: string): void {
  copyFileSync(join(qemu, "usr/share/OVMF/OVMF_VARS_4M.fd"), path);
}
