// Debian's OVMF: the code is shared and read-only, the variables are a private copy.
import { copyFileSync, existsSync } from "node:fs";
import { UserError } from "../lib/errors.ts";

export const uefiCode = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const uefiVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

/** Throws when the firmware is not installed. */
export function checkUefi(): void {
  if (existsSync(uefiCode) && existsSync(uefiVariables)) return;
  throw new UserError(`UEFI firmware "${uefiCode}" is not installed`, {
    hint: "run `make setup`, or boot with BIOS firmware",
  });
}

/** Fresh at every power-on: boot entries of an earlier disk must not decide what boots. */
export function makeFirmwareVariables(path: string): void {
  checkUefi();
  copyFileSync(uefiVariables, path);
}
