// Runs the locked Debian tools through their own dynamic loader, so that the image's bytes
// don't depend on what the host has installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RunOptions, run } from "./run.ts";

/** Runs one of the locked tools to its end and returns its standard output. */
export type RunTool = (args: readonly string[], options?: RunOptions) => Promise<string>;

const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** What starts a program of the packages unpacked under `root` on this host, with their own loader and libraries. */
export function programArgs(root: string, program: string): string[] {
  const loader = join(root, "usr/lib64/ld-linux-x86-64.so.2");
  return [loader, "--library-path", join(root, LIBRARIES), programPath(root, program)];
}

/** The tools unpacked under `root`; they see `epoch` (seconds) as the current time. */
export function makeRunTool(root: string, epoch: number): RunTool {
  const env = {
    SOURCE_DATE_EPOCH: String(epoch),
    MKE2FS_CONFIG: join(root, "etc/mke2fs.conf"),
    MTOOLS_SKIP_CHECK: "1",
    GCONV_PATH: join(root, LIBRARIES, "gconv"),
    LC_ALL: "C",
    TZ: "UTC",
  };
  return ([program = "", ...args], options = {}) =>
    run([...programArgs(root, program), ...args], { ...options, env: { ...env, ...options.env } });
}

function programPath(root: string, program: string): string {
  const paths = ["usr/bin", "usr/sbin"].map((folder) => join(root, folder, program));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no package in "${root}" has "${program}"`);
  return found;
}
