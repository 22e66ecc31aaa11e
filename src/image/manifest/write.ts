// Finds out what a build is made of, and writes the manifest and the bill of materials.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSourceCommit } from "../../lib/commit.ts";
import { replaceFile, sha256 } from "../../lib/files.ts";
import { sourcePath } from "../../lib/paths.ts";
import { run } from "../../lib/run.ts";
import { readContent } from "../../tree/content.ts";
import type { Tree } from "../../tree/tree.ts";
import { AGENT_PROGRAMS, agentDirectory } from "../agent.ts";
import type { BakedFiles } from "../baked/baked.ts";
import type { Architecture } from "../debian/inputs.ts";
import { readInputs, readLock } from "../debian/packages.ts";
import { ENGINE_PROGRAMS, engineDirectory } from "../engine.ts";
import { GO_OPTIONS } from "../go-program.ts";
import type { Extra } from "../kernel/wanted.ts";
import { kernelGroups, type Profile } from "../profile.ts";
import type { Made } from "../step.ts";
import { readGoLicences } from "./go-licences.ts";
import { joinModules, type LinkedModule, parseBuildInfo } from "./go-modules.ts";
import { describePackages, formatManifest, type GroupUses, type Manifest } from "./manifest.ts";
import { parseNpmPackages } from "./npm-packages.ts";
import { formatSpdx } from "./spdx.ts";

export interface ManifestParts extends Pick<Made, "kernel" | "agent" | "images" | "slot"> {
  readonly profile: Profile;
  readonly version: string;
  readonly baked: BakedFiles;
  readonly extras: readonly Extra[];
}

/** Writes manifest.json and sbom.spdx.json into the host folder `folder`; returns the first one's path. */
export async function writeManifest(folder: string, parts: ManifestParts): Promise<string> {
  const manifest = await collectManifest(parts);
  const file = join(folder, "manifest.json");
  replaceFile(file, formatManifest(manifest));
  replaceFile(join(folder, "sbom.spdx.json"), formatSpdx(manifest));
  return file;
}

async function collectManifest(parts: ManifestParts): Promise<Manifest> {
  const { version, profile, baked, extras, kernel, agent, images, slot } = parts;
  const inputs = readInputs();
  const uses: GroupUses = [
    [kernelGroups[profile], "image"],
    ["rootfs", "image"],
    ...(baked.ssh === undefined ? [] : [["ssh", "image"] as const]),
    ...(extras.includes("nfs") ? [["nfs", "image"] as const] : []),
    [`sysroot-${inputs.architecture}`, "linked"],
    ["tools", "tool"],
  ];
  const goModules = await readLinkedModules(inputs.architecture);
  const goLicences = await readGoLicences(goModules);
  return {
    product: "kubesolo-os",
    version,
    commit: await readSourceCommit(),
    architecture: inputs.architecture,
    profile,
    epoch: inputs.epoch,
    kernelRelease: kernel.release,
    files: describeFiles(slot.tree),
    debianPackages: describePackages(readLock().packages, uses),
    goModules: goModules.map(({ programs, ...module }, index) => ({
      ...module,
      programs: [...programs],
      licences: goLicences[index] ?? [],
    })),
    npmPackages: parseNpmPackages(readFileSync(sourcePath("package-lock.json"), "utf8"), agent.npmFolders),
    containerImages: Object.entries(images.digests)
      .map(([name, digest]) => ({ name, digest }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function describeFiles(slot: Tree): Manifest["files"] {
  return [...slot].flatMap(([name, node]) => {
    if (node.type !== "file") return [];
    const bytes = readContent(node.content);
    return [{ name, sizeBytes: bytes.length, sha256: sha256(bytes) }];
  });
}

async function readLinkedModules(architecture: Architecture): Promise<LinkedModule[]> {
  const files = [
    ...ENGINE_PROGRAMS.map((name) => [name, join(engineDirectory(architecture), name)] as const),
    ...AGENT_PROGRAMS.map((name) => [name, join(agentDirectory(architecture), name)] as const),
  ];
  const programs = files.map(async ([name, path]) => {
    const printed = await run(["go", "version", "-m", path], GO_OPTIONS);
    return [name, parseBuildInfo(printed)] as const;
  });
  return joinModules(Object.fromEntries(await Promise.all(programs)));
}
