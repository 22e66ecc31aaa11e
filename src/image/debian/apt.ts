// Drives the host's own apt in a private root: it checks the archive's signatures, and nothing is installed.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { replaceFile } from "../../lib/files.ts";
import { buildPath } from "../../lib/paths.ts";
import { run, runAnyExit } from "../../lib/run.ts";
import { type DebianInputs, type GroupName, planSources } from "./inputs.ts";
import {
  addOrigins,
  type FoundPackage,
  type PackageFile,
  parseFiles,
  type ResolvedPackage,
  resolvedPackage,
} from "./lock.ts";

const ROOT = buildPath("cache/apt");
const MISSING = "this needs a Debian host, with apt";

/** Asks apt for the package lists of the suite; needed once before `resolve` and `findFiles`. */
export async function updateLists(inputs: DebianInputs): Promise<void> {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const targets = await run(["apt-get", "indextargets", "--format", format, "Created-By: Packages"], {
    missingHint: MISSING,
  });
  const sources = planSources(targets, inputs.suite);
  checkSources(sources, inputs.suite);
  for (const folder of ["state/lists/partial", "archives/partial"]) {
    mkdirSync(join(ROOT, folder), { recursive: true });
  }
  replaceFile(join(ROOT, "sources.list"), `${sources.join("\n")}\n`);
  writeStatus(inputs.assumed);
  const result = await runAnyExit(apt(inputs, ["update", "-q", "--error-on=any"]));
  if (result.exitCode === 0) return;
  throw new UserError(`cannot read Debian's package lists\n${result.stderr.trim()}`, {
    hint: "check the network, and that `apt-get update` works on this host",
  });
}

/** Without the security archive, locked packages would seem to have vanished. */
function checkSources(sources: readonly string[], suite: string): void {
  for (const release of [suite, `${suite}-security`]) {
    if (sources.some((source) => source.endsWith(` ${release} main`))) continue;
    throw new UserError(`the host's apt sources lead to no Debian archive for "${release}"`, {
      hint: "/etc/apt/sources.list needs Debian's main and security archives, as the installer writes them",
    });
  }
}

/** The packages of a group with all they depend on. */
export async function resolve(inputs: DebianInputs, group: GroupName): Promise<FoundPackage[]> {
  const names = inputs.groups[group];
  writeStatus(inputs.assumed.filter((name) => !names.includes(name)));
  const args = ["install", "-qq", "--print-uris", "--no-install-recommends", ...names];
  const files = parseFiles(await run(apt(inputs, args)));
  const packages = files.map((file) => resolvedPackage(file, group));
  const fullNames = packages.map(({ name, architecture }) =>
    architecture === "all" ? name : `${name}:${architecture}`,
  );
  return addOrigins(packages, await run(apt(inputs, ["madison", ...fullNames], "apt-cache")));
}

/** Where each of these packages is to be had. */
export async function findFiles(
  inputs: DebianInputs,
  packages: readonly ResolvedPackage[],
): Promise<PackageFile[]> {
  const names = packages.map(({ name, architecture, version }) => `${name}:${architecture}=${version}`);
  const result = await runAnyExit(apt(inputs, ["download", "-qq", "--print-uris", ...names]));
  if (result.exitCode === 0) return parseFiles(result.stdout);
  const vanished = [...result.stderr.matchAll(/Version '(.*)' for '(.*)' was not found/g)];
  if (vanished.length === 0) throw new Error(`apt can't tell where packages are\n${result.stderr.trim()}`);
  const list = vanished.map(([, version, name]) => `${name} ${version}`).join(", ");
  throw new UserError(`Debian's archive no longer has ${list}`, {
    hint: "run `make lock` to lock the versions it has now, then build again",
  });
}

function apt(inputs: DebianInputs, args: readonly string[], program = "apt-get"): string[] {
  const settings = {
    "APT::Architecture": inputs.architecture,
    "APT::Architectures": "amd64,arm64",
    "APT::Sandbox::User": "",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    // What `--print-uris` prints.
    "Acquire::ForceHash": "SHA256",
    "Acquire::Retries": "3",
    "Dir::State": join(ROOT, "state"),
    "Dir::State::status": join(ROOT, "status"),
    "Dir::Cache": ROOT,
    "Dir::Etc::sourcelist": join(ROOT, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::Etc::preferencesparts": "-",
  };
  return [program, ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]), ...args];
}

/** What apt takes as installed. */
function writeStatus(names: readonly string[]): void {
  replaceFile(join(ROOT, "status"), names.map(assumedStanza).join("\n"));
}

function assumedStanza(name: string): string {
  return `Package: ${name}\nStatus: install ok installed\nVersion: 999\nArchitecture: all\nMulti-Arch: foreign\nDescription: assumed\n`;
}
