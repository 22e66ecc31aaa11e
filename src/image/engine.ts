// Compiles the built-in engine and its helper programs: a table of programs, then `go build`, which
// does nothing for what has not changed. Locked by the go.sum files in engine/ and, for C, the Debian lock.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { type CToolchain, findCToolchain, muslCommand } from "./c-toolchain.ts";
import type { Architecture } from "./debian/inputs.ts";
import { buildGoProgram, GO_OPTIONS, type GoProgram } from "./go-program.ts";
import { prepareWorkspace } from "./go-workspace.ts";
import { readVersion } from "./product.ts";

const CONTAINERD = "github.com/containerd/containerd/v2";

const programs = (c: CToolchain): GoProgram[] => [
  { name: "kubesolo", module: "engine", package: "." },
  {
    name: "containerd-shim-runc-v2",
    module: "engine/tools",
    package: `${CONTAINERD}/cmd/containerd-shim-runc-v2`,
    tags: ["no_grpc", "urfave_cli_no_docs"],
  },
  {
    name: "runc",
    module: "engine/tools",
    package: "github.com/opencontainers/runc",
    tags: ["netgo", "osusergo", "seccomp", "urfave_cli_no_docs"],
    cgo: c,
  },
  { name: "cni/plugins", module: "engine/tools", package: "./cni" },
];

/** What runtimes call it by: links. engine/tools/cni has the table. */
export const CNI_PLUGINS = [
  ...["bandwidth", "bridge", "dhcp", "host-local", "ipvlan", "loopback"],
  ...["macvlan", "portmap", "static", "tuning"],
  ...["kubesolo-bridge", "kubesolo-host-local", "kubesolo-portmap"], // the engine's network uses these
] as const;

/** The files of all Go programs, below the engine's folder. */
export const ENGINE_PROGRAMS = ["kubesolo", "containerd-shim-runc-v2", "runc", "cni/plugins"] as const;

/** Folders of the Go modules that they are built from. */
export const ENGINE_MODULES = ["engine", "engine/tools"] as const;

/** Where `buildEngine` puts the files for an architecture. */
export function engineDirectory(architecture: Architecture): string {
  return buildPath(architecture === "amd64" ? "engine" : `engine-${architecture}`);
}

/**
 * Makes kubesolo, kubectl (a link to it), containerd-shim-runc-v2, runc, cni/* and pause: static programs.
 * The same sources make the same bytes, wherever they are. Returns the folder.
 */
export async function buildEngine(architecture: Architecture): Promise<string> {
  const directory = engineDirectory(architecture);
  mkdirSync(join(directory, "cni"), { recursive: true });
  const link = (target: string, path: string) => {
    rmSync(join(directory, path), { force: true });
    symlinkSync(target, join(directory, path));
  };
  const toolchain = await step("C libraries", () => findCToolchain(architecture));
  const [source, kubernetes, containerd, ...workspaces] = await step("Go modules", () =>
    Promise.all([
      readEngineSource(),
      readKubernetesVersion(),
      readModuleVersion(CONTAINERD),
      prepareWorkspace(),
      prepareWorkspace("engine/tools"),
    ]),
  );
  const stamps = [
    ...versionStamps(readVersion(), source),
    ...kubernetesStamps(kubernetes),
    // Else the node's object says 2.4.2+unknown.
    `-X=${CONTAINERD}/version.Version=${containerd.replace(/^v/, "")}`,
  ];
  for (const program of programs(toolchain)) {
    const more = {
      kubesolo: { stamps, workspace: workspaces[0] },
      "cni/plugins": { workspace: workspaces[1] },
    }[program.name];
    const options = { architecture, ...more };
    await step(`compile ${program.name}`, () => buildGoProgram(program, directory, options));
  }
  const pause = muslCommand(toolchain, sourcePath("engine/pause/pause.c"), join(directory, "pause"));
  await step("compile pause", () => run(pause, { missingHint: toolchain.hint }));
  link("kubesolo", "kubectl");
  for (const plugin of CNI_PLUGINS) link("plugins", `cni/${plugin}`);
  return directory;
}

/** What the engine is built from, and when that was committed: "2026-11-29T22:44:00Z". */
interface EngineSource {
  readonly commit: string;
  readonly date: string;
}

/** The linker's flags that tell the engine its own version, and its Kubernetes when it was made. Pure. */
function versionStamps(version: string, { commit, date }: EngineSource): string[] {
  return [
    ...[`-X=main.version=${version}`, `-X=main.commit=${commit}`],
    ...KUBERNETES_VERSIONS.flatMap((folder) => [
      `-X=${folder}.gitCommit=${commit}`,
      `-X=${folder}.buildDate=${date}`,
    ]),
  ];
}

const KUBERNETES_VERSIONS = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];

/** Without these, whatever is built from Kubernetes' modules calls itself v0.0.0-master. Pure. */
export function kubernetesStamps(version: string): string[] {
  const [major = "", minor = ""] = version.replace(/^v/, "").split(".");
  return KUBERNETES_VERSIONS.flatMap((folder) => [
    `-X=${folder}.gitVersion=${version}+kubesolo`,
    `-X=${folder}.gitMajor=${major}`,
    `-X=${folder}.gitMinor=${minor}`,
    `-X=${folder}.gitTreeState=clean`,
  ]);
}

/** "v1.37.2" */
export function readKubernetesVersion(): Promise<string> {
  return readModuleVersion("k8s.io/kubernetes");
}

/** Of a module that the engine is built from. */
async function readModuleVersion(module: string): Promise<string> {
  const list = ["go", "list", "-m", "-f={{.Version}}", module];
  return (await run(list, { cwd: sourcePath("engine"), ...GO_OPTIONS })).trim();
}

/** The last commit that changed the engine: others needn't link it again. */
async function readEngineSource(): Promise<EngineSource> {
  const args = ["log", "-1", "--format=%h %ct", "--abbrev=12", "--", "engine"];
  const [commit = "", seconds] = (await run(["git", ...args], { cwd: sourcePath() })).trim().split(" ");
  return { commit, date: new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z") };
}
