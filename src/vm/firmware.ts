// Debian's OVMF: the code is shared and read-only, the variables are a private copy.
import { constants, copyFile } from "node:fs/promises";
import { errorCode, UserError } from "../lib/errors.ts";

export const uefiCode = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const uefiVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

/** Fresh at every power-on: boot entries of an earlier disk must not decide what boots. */
export async function makeFirmwareVariables(path: string): Promise<void> {
  try {
    await copyFile(uefiVariables, path, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    throw new UserError(`UEFI firmware "${uefiVariables}" is not installed`, {
      hint: "run `make setup`, or boot with BIOS firmware",
      cause: error,
    });
  }
}
