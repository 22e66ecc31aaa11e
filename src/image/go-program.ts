// Compiles one Go program of a module in this repository. `go build` does nothing for what has not changed.
import { join } from "node:path";
import { sourcePath } from "../lib/paths.ts";
import { type RunOptions, run } from "../lib/run.ts";
import { type CToolchain, cgoEnvironment } from "./c-toolchain.ts";
import type { Architecture } from "./debian/inputs.ts";

export interface GoProgram {
  /** File below the output directory. */
  readonly name: string;
  /** Folder of its Go module in the repository. */
  readonly module: string;
  readonly package: string;
  readonly tags?: readonly string[];
  /** It has C code in it, to be linked statically with this. */
  readonly cgo?: CToolchain;
  /** The program is the package's tests. */
  readonly isTest?: boolean;
}

export interface GoBuildOptions {
  readonly architecture?: Architecture;
  /** The linker's -X flags. */
  readonly stamps?: readonly string[];
  /** Host path of a go.work; without it, modules are what go.mod says. */
  readonly workspace?: string;
  /** Host path of a JSON file that has other files stand in for some of the sources (`go help build`). */
  readonly overlay?: string;
}

/** What every run of go needs. */
export const GO_OPTIONS = {
  /** Go 1.21 or newer fetches the version that go.mod names, checked like every other module. */
  env: { GOTOOLCHAIN: "auto" },
  missingHint: "run `make setup`",
  failureHint:
    "if a module could not be fetched: check the network; what is fetched is kept, and then none is needed",
} satisfies RunOptions;

/** Compiles the program into `outputDirectory`. */
export async function buildGoProgram(
  program: GoProgram,
  outputDirectory: string,
  { architecture = "amd64", stamps = [], workspace = "off", overlay }: GoBuildOptions = {},
): Promise<void> {
  const args = [
    "go",
    ...(program.isTest ? ["test", "-c"] : ["build"]),
    `-o=${join(outputDirectory, program.name)}`,
    `-tags=${(program.tags ?? []).join(",")}`,
    `-ldflags=${[...linkerFlags(program), ...stamps].join(" ")}`,
    ...(overlay === undefined ? [] : [`-overlay=${overlay}`]),
    program.package,
  ];
  await run(args, {
    ...GO_OPTIONS,
    ...(program.cgo && { failureHint: program.cgo.hint }),
    cwd: sourcePath(program.module),
    env: goEnvironment(program.cgo, architecture, workspace),
  });
}

/** For go, whatever it is to do. */
export function goEnvironment(
  cgo?: CToolchain,
  architecture: Architecture = "amd64",
  workspace = "off",
): Record<string, string> {
  return {
    ...GO_OPTIONS.env,
    GOARCH: architecture,
    GOWORK: workspace,
    // The same for all programs and for `go test`, or else everything is compiled again (7 minutes).
    GOFLAGS: "-trimpath -buildvcs=false",
    ...(cgo ? cgoEnvironment(cgo) : { CGO_ENABLED: "0" }),
  };
}

/**
 * Go's own build id stays in: it is made from the inputs only, and lets `go build` skip the link. With C
 * code one of the inputs is the path of the C libraries, so it goes.
 */
function linkerFlags({ cgo }: GoProgram): string[] {
  const flags = ["-s", "-w"];
  return cgo ? [...flags, "-buildid=", "-linkmode=external", "-extldflags=-static"] : flags;
}
