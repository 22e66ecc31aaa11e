// Compiles one Go program of a module in this repository, once: `go build` itself takes seconds to find out that nothing has
// changed, and links what has C code in it each time.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { sha256 } from "../lib/files.ts";
import { sourcePath } from "../lib/paths.ts";
import { type RunOptions, run } from "../lib/run.ts";
import { digestTree } from "../tree/content.ts";
import { hostFolder } from "../tree/host.ts";
import { makeTree } from "../tree/tree.ts";
import { type CToolchain, cgoEnvironment } from "./c-toolchain.ts";
import type { Architecture } from "./debian/inputs.ts";
import { makeOnce } from "./once.ts";

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
  /**
   * The engine's go.mod says it, too. A newer one on the host would make other bytes; Go 1.21 or newer fetches this one, checked
   * like every module.
   */
  env: { GOTOOLCHAIN: "go1.26.8" },
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
  const options = {
    ...GO_OPTIONS,
    ...(program.cgo && { failureHint: program.cgo.hint }),
    cwd: sourcePath(program.module),
    env: goEnvironment(program.cgo, architecture, workspace),
  };
  const digest = await digestInputs(program, args, options, overlay);
  await makeOnce(join(outputDirectory, program.name), digest, v.null(), async () => {
    await run(args, options);
    return null;
  });
}

/**
 * Of all that the program is made from: the module's own files, with go.sum for those of others; the compilers; what they are
 * told, in which the C libraries' folder is named by what it holds, and a workspace by its patches; what stands in for others.
 */
async function digestInputs(
  { module, cgo }: GoProgram,
  args: readonly string[],
  options: RunOptions & Required<Pick<RunOptions, "cwd" | "env">>,
  overlay: string | undefined,
): Promise<string> {
  const settings = ["GOVERSION", "GOROOT", "GOAMD64", "GOARM64", "GOEXPERIMENT", "CGO_CFLAGS", "CGO_LDFLAGS"];
  const go = await run(["go", "env", ...settings], options);
  const c = cgo === undefined ? "" : await run([cgo.compiler, "--version"], { missingHint: cgo.hint });
  const { GOWORK = "off" } = options.env;
  const workspace = existsSync(GOWORK) ? readFileSync(GOWORK, "utf8") : "";
  const sources = digestTree(makeTree(hostFolder("", sourcePath(module))));
  const replaced = overlay === undefined ? [] : digestOverlay(overlay);
  return sha256(JSON.stringify([sources, replaced, go, c, workspace, args, options.env]));
}

const Overlay = v.pipe(v.string(), v.parseJson(), v.object({ Replace: v.record(v.string(), v.string()) }));

/** Each file that another stands in for, and what that one holds. */
function digestOverlay(overlay: string): [string, string][] {
  const { Replace: files } = v.parse(Overlay, readFileSync(overlay, "utf8"));
  return Object.entries(files).map(([path, other]) => [path, sha256(readFileSync(other))]);
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
