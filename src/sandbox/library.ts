// What a node finds under /usr/lib/kubesolo-os on the device, laid out in a sandbox's directory.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { prepareGroup } from "../image/debian/packages.ts";
import { SYSTEM_ARCHIVES } from "../image/system-images.ts";
import { UserError } from "../lib/errors.ts";
import { programArgs } from "../lib/locked-tools.ts";
import { buildPath } from "../lib/paths.ts";
import { type SandboxOptions, sandboxFiles } from "./options.ts";
import { programScript } from "./scripts.ts";

const [PAUSE_ARCHIVE] = SYSTEM_ARCHIVES;
const RUNTIME_PROGRAMS = ["runc", "containerd-shim-runc-v2"];

/** Made anew: programs and images may be others than at the last start. */
export async function makeLibrary({ directory, engine, images }: SandboxOptions): Promise<void> {
  for (const file of [...RUNTIME_PROGRAMS, "kubesolo", "cni"])
    checkThere(join(engine, file), "run `make build`");
  for (const image of images) checkThere(image, "run `make build`");
  if (!images.some((image) => basename(image) === PAUSE_ARCHIVE))
    throw new UserError(`cannot start a sandbox without "${PAUSE_ARCHIVE}": every pod needs it`, {
      hint: "run `make build`",
    });
  const library = join(directory, sandboxFiles.library);
  rmSync(library, { recursive: true, force: true });
  for (const folder of ["bin", "images"]) mkdirSync(join(library, folder), { recursive: true });
  symlinkSync(join(engine, "cni"), join(library, "cni"));
  for (const program of RUNTIME_PROGRAMS) symlinkSync(join(engine, program), join(library, "bin", program));
  for (const image of images) symlinkSync(image, join(library, "images", basename(image)));
  writeFileSync(join(library, "bin/nft"), await nftScript(), { mode: 0o755 });
}

/** The archives that are there of `make build` and `make kit`: the system's own, and what to try it with. */
export function builtArchives(): string[] {
  const archives = [
    ...SYSTEM_ARCHIVES.map((name) => buildPath("image", name)),
    buildPath("kit/nginx.tar"),
    buildPath("kit/busybox.tar"),
  ];
  return archives.filter((path) => existsSync(path));
}

/** The device's own nft, through its own loader: the host's may be another version or none. */
async function nftScript(): Promise<string> {
  return programScript(programArgs(await prepareGroup("rootfs"), "nft"));
}

function checkThere(path: string, hint: string): void {
  if (!existsSync(path)) throw new UserError(`cannot start a sandbox: there is no "${path}"`, { hint });
}
