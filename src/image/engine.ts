// Compiles the built-in engine and its helper programs: a table of programs, then `go build`, which
// does nothing for what has not changed. Locked by the go.sum files in engine/.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { step } from "../lib/log.ts";
import { sourcePath } from "../lib/paths.ts";
import { run, runAnyExit } from "../lib/run.ts";

interface EngineOptions {
  readonly outputDirectory: string;
  readonly version: string;
  readonly commit: string;
}

interface Program {
  /** File below the output directory. */
  readonly name: string;
  /** Folder of its Go module in the repository. */
  readonly module: string;
  readonly package: string;
  readonly tags?: readonly string[];
  /** Linked statically with this host's C library: only what has C code in it. */
  readonly cgo?: boolean;
}

const CNI = "github.com/containernetworking/plugins/plugins";

const PROGRAMS: readonly Program[] = [
  { name: "kubesolo", module: "engine", package: "." },
  {
    name: "containerd-shim-runc-v2",
    module: "engine/tools",
    package: "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
    tags: ["no_grpc", "urfave_cli_no_docs"],
  },
  {
    name: "runc",
    module: "engine/tools",
    package: "github.com/opencontainers/runc",
    tags: ["netgo", "osusergo", "seccomp", "urfave_cli_no_docs"],
    cgo: true,
  },
  { name: "cni/bridge", module: "engine/tools", package: `${CNI}/main/bridge` },
  { name: "cni/host-local", module: "engine/tools", package: `${CNI}/ipam/host-local` },
  { name: "cni/loopback", module: "engine/tools", package: `${CNI}/main/loopback` },
  { name: "cni/portmap", module: "engine/tools", package: `${CNI}/meta/portmap` },
];

const GO_HINT = "run `make setup`";
const FETCH_HINT =
  "if a module could not be fetched: check the network; what is fetched is kept, and then none is needed";

/** Go 1.21 or newer fetches the version that go.mod names, checked like every other module. */
const TOOLCHAIN = { GOTOOLCHAIN: "auto" };
const PAUSE_FLAGS = ["-static", "-Os", "-s", "-Wall", "-Wextra", "-Werror"];

/** Makes kubesolo, kubectl (a link to it), containerd-shim-runc-v2, runc, cni/* and pause. */
export async function buildEngine(options: EngineOptions): Promise<void> {
  const { outputDirectory } = options;
  await checkSeccomp();
  mkdirSync(join(outputDirectory, "cni"), { recursive: true });
  const stamps = versionStamps(options, await readKubernetesVersion());
  for (const program of PROGRAMS) {
    await step(`compile ${program.name}`, () => buildProgram(program, outputDirectory, stamps));
  }
  await run(
    ["musl-gcc", ...PAUSE_FLAGS, "-o", join(outputDirectory, "pause"), sourcePath("engine/pause/pause.c")],
    { missingHint: "install musl-gcc (Debian: apt install musl-tools)" },
  );
  const kubectl = join(outputDirectory, "kubectl");
  rmSync(kubectl, { force: true });
  symlinkSync("kubesolo", kubectl);
}

async function buildProgram(program: Program, outputDirectory: string, stamps: string[]): Promise<void> {
  const args = [
    "go",
    "build",
    `-o=${join(outputDirectory, program.name)}`,
    `-tags=${(program.tags ?? []).join(",")}`,
    `-ldflags=${linkerFlags(program, stamps).join(" ")}`,
    program.package,
  ];
  await run(args, {
    cwd: sourcePath(program.module),
    env: {
      ...TOOLCHAIN,
      CGO_ENABLED: program.cgo ? "1" : "0",
      // The same for all programs and for `go test`, or else everything is compiled again (7 minutes).
      GOFLAGS: "-trimpath -buildvcs=false",
    },
    missingHint: GO_HINT,
    failureHint: FETCH_HINT,
  });
}

/** Go's own build id stays in: it is made from the inputs only, and lets `go build` skip the link. */
function linkerFlags(program: Program, stamps: string[]): string[] {
  const flags = ["-s", "-w"];
  if (program.cgo) flags.push("-linkmode=external", "-extldflags=-static");
  return program.name === "kubesolo" ? [...flags, ...stamps] : flags;
}

/** Without these, the node and kubectl call themselves v0.0.0-master. Pure. */
function versionStamps({ version, commit }: EngineOptions, kubernetes: string): string[] {
  const [major = "", minor = ""] = kubernetes.replace(/^v/, "").split(".");
  const own = { "main.version": version, "main.commit": commit };
  const upstream = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((folder) => [
    [`${folder}.gitVersion`, `${kubernetes}+kubesolo`],
    [`${folder}.gitMajor`, major],
    [`${folder}.gitMinor`, minor],
    [`${folder}.gitTreeState`, "clean"],
  ]);
  return [...Object.entries(own), ...upstream].map(([name, value]) => `-X=${name}=${value}`);
}

async function readKubernetesVersion(): Promise<string> {
  const list = ["go", "list", "-m", "-f={{.Version}}", "k8s.io/kubernetes"];
  return (
    await run(list, {
      cwd: sourcePath("engine"),
      env: TOOLCHAIN,
      missingHint: GO_HINT,
      failureHint: FETCH_HINT,
    })
  ).trim();
}

/** runc's seccomp filters need libseccomp to link with; go's own message about that is a riddle. */
async function checkSeccomp(): Promise<void> {
  const hint = "install it (Debian: apt install libseccomp-dev pkg-config)";
  const found = await runAnyExit(["pkg-config", "--exists", "libseccomp"], { missingHint: hint });
  if (found.exitCode !== 0) throw new UserError("cannot build runc without libseccomp", { hint });
}
