// Compiles and links C code with the C libraries of the Debian lock: the host gives only the compiler.
import { join } from "node:path";
import type { Architecture } from "./debian/inputs.ts";
import { prepareGroup } from "./debian/packages.ts";

export interface CToolchain {
  readonly architecture: Architecture;
  readonly compiler: string;
  /** Absolute host path. */
  readonly sysroot: string;
  /** glibc's folder below usr/lib, "x86_64-linux-gnu". */
  readonly multiarch: string;
  /** What to do when the compiler is missing. */
  readonly hint: string;
}

export async function findCToolchain(architecture: Architecture): Promise<CToolchain> {
  const multiarch = `${architecture === "amd64" ? "x86_64" : "aarch64"}-linux-gnu`;
  const compiler = `${multiarch}-gcc`;
  return {
    architecture,
    compiler,
    sysroot: await prepareGroup(`sysroot-${architecture}`),
    multiarch,
    hint: `if ${compiler} is missing: apt install gcc-${multiarch.replace("_", "-")}`,
  };
}

/** Lets Go compile C code with it, against glibc. */
export function cgoEnvironment({ compiler, sysroot, multiarch }: CToolchain): Record<string, string> {
  // A native compiler looks beside itself before it looks into the sysroot: without -B, a libc.a of the host's is linked.
  const libraries = `-B${join(sysroot, "usr/lib", multiarch)}`;
  return {
    CGO_ENABLED: "1",
    CC: compiler,
    CGO_CFLAGS: `-O2 --sysroot=${sysroot}`,
    CGO_LDFLAGS: `--sysroot=${sysroot} ${libraries}`,
    PKG_CONFIG_LIBDIR: join(sysroot, "usr/lib", multiarch, "pkgconfig"),
    PKG_CONFIG_SYSROOT_DIR: sysroot,
  };
}

/** The command line that makes a static program of one C file, with musl: 13 KB instead of glibc's 750. */
export function muslCommand(toolchain: CToolchain, source: string, output: string): string[] {
  const { compiler, sysroot, multiarch } = toolchain;
  const musl = multiarch.replace("gnu", "musl");
  const library = (name: string) => join(sysroot, "usr/lib", musl, name);
  const flags = ["-static", "-no-pie", "-nostdinc", "-nostdlib", "-Os", "-s", "-Wall", "-Wextra", "-Werror"];
  const headers = ["-isystem", join(sysroot, "usr/include", musl)];
  const start = ["crt1.o", "crti.o"].map(library);
  return [
    ...[compiler, ...flags, ...headers, "-o", output],
    ...[...start, source, library("libc.a"), "-lgcc", library("crtn.o")],
  ];
}
