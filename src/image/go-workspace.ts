// A Go workspace in which modules of upstream's have a change of ours; the engine is built and tested in one, and its CNI
// programs in another. go.mod can't name a patch, and Go's own -overlay refuses files of the module cache.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import * as v from "valibot";
import { sha256 } from "../lib/files.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { GO_OPTIONS } from "./go-program.ts";

/** What is changed for which of our modules, by the name of its patch in engine/patches. */
const PATCHED = {
  engine: {
    "apiextensions-apiserver": "k8s.io/apiextensions-apiserver",
    apiserver: "k8s.io/apiserver",
    "client-go": "k8s.io/client-go",
    containerd: "github.com/containerd/containerd/v2",
  },
  "engine/tools": { plugins: "github.com/containernetworking/plugins" },
} as const;
const PATCHES = sourcePath("engine/patches");

const Download = v.object({ Path: v.string(), Dir: v.string(), Version: v.string() });

/** Makes the workspace of one of our modules, once; returns its go.work, a host path. */
export async function prepareWorkspace(of: keyof typeof PATCHED = "engine"): Promise<string> {
  const cwd = sourcePath(of);
  const modules = await Promise.all(Object.entries(PATCHED[of]).map(([name, path]) => find(cwd, name, path)));
  const facts = modules.map(({ Version, patch }) => [Version, readFileSync(patch, "utf8")]);
  const folder = buildPath("workspace", sha256(JSON.stringify(facts)).slice(0, 12));
  const workspace = join(folder, "go.work");
  if (!existsSync(folder)) {
    const unfinished = `${folder}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    for (const module of modules) {
      await copyPatched(module, unfinished);
    }
    renameSync(unfinished, folder);
  }
  const goVersion = /^go .*$/m.exec(readFileSync(join(cwd, "go.mod"), "utf8"))?.[0];
  // Relative paths: Go writes them into the program, which must be the same in every folder.
  const replaced = modules.map(({ Path, name }) => `replace ${Path} => ./${name}`);
  writeFileSync(workspace, `${[goVersion, `use ${relative(folder, cwd)}`, ...replaced].join("\n")}\n`);
  copyFileSync(join(PATCHES, "go.work.sum"), join(folder, "go.work.sum"));
  return workspace;
}

interface PatchedModule extends v.InferOutput<typeof Download> {
  readonly name: string;
  /** Host path. */
  readonly patch: string;
}

async function find(cwd: string, name: string, path: string): Promise<PatchedModule> {
  const output = await run(["go", "mod", "download", "-json", path], { ...GO_OPTIONS, cwd });
  return { ...v.parse(Download, JSON.parse(output)), name, patch: join(PATCHES, `${name}.patch`) };
}

async function copyPatched({ Path, Version, Dir, name, patch }: PatchedModule, folder: string) {
  const copy = join(folder, name);
  // The module cache is read-only, and its copy need not be.
  await run(["cp", "--recursive", "--no-preserve=mode", Dir, copy]);
  await run(["patch", "--batch", "--fuzz=0", "--strip=1", `--directory=${copy}`, `--input=${patch}`], {
    failureHint: `${Path} ${Version} has changed there: make engine/patches/${name}.patch anew`,
  });
}
