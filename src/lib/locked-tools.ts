// Runs the locked Debian tools through their own dynamic loader, so that the image's bytes
// don't depend on what the host has installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RunOptions, type RunResult, run, runAnyExit } from "./run.ts";

/** The locked tools, as one has them after `makeTools`. */
export interface Tools {
  /** Runs one of them to its end and returns its standard output. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<string>;
  /** The same, whatever its exit code. */
  readonly runAnyExit: (args: readonly string[], options?: RunOptions) => Promise<RunResult>;
  /** Where their packages are unpacked; a host path. */
  readonly root: string;
  /** What they see as the current time, and every file's time stamp; seconds since 1970. */
  readonly epoch: number;
}

const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/**
 * What starts a program of the packages unpacked under `root` on this host, with their own loader and libraries; `folders`
 * have libraries, too.
 */
export function programArgs(root: string, program: string, folders: readonly string[] = []): string[] {
  const loader = join(root, "usr/lib64/ld-linux-x86-64.so.2");
  const libraries = [LIBRARIES, ...folders].map((folder) => join(root, folder)).join(":");
  return [loader, "--library-path", libraries, programPath(root, program)];
}

/** The tools unpacked under `root`. */
export function makeTools(root: string, epoch: number): Tools {
  const env = {
    SOURCE_DATE_EPOCH: String(epoch),
    MKE2FS_CONFIG: join(root, "etc/mke2fs.conf"),
    MTOOLS_SKIP_CHECK: "1",
    GCONV_PATH: join(root, LIBRARIES, "gconv"),
    LC_ALL: "C",
    TZ: "UTC",
  };
  const words = ([program = "", ...args]: readonly string[]) => [...programArgs(root, program), ...args];
  const withEnv = (options: RunOptions = {}) => ({ ...options, env: { ...env, ...options.env } });
  return {
    run: (args, options) => run(words(args), withEnv(options)),
    runAnyExit: (args, options) => runAnyExit(words(args), withEnv(options)),
    root,
    epoch,
  };
}

function programPath(root: string, program: string): string {
  const paths = ["usr/bin", "usr/sbin"].map((folder) => join(root, folder, program));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no package in "${root}" has "${program}"`);
  return found;
}
