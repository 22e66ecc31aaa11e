// A Go workspace in which modules of upstream's have a change of ours; nothing but the engine is built in it. go.mod
// can't name a patch, and Go's own -overlay refuses files of the module cache.
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

const MODULE = "k8s.io/client-go";
const PATCHES = sourcePath("engine/patches");

const Download = v.object({ Dir: v.string(), Version: v.string() });

/** Makes the workspace of the module `engine`, once; returns its go.work, a host path. */
export async function prepareWorkspace(): Promise<string> {
  const cwd = sourcePath("engine");
  const output = await run(["go", "mod", "download", "-json", MODULE], { ...GO_OPTIONS, cwd });
  const { Dir: upstream, Version: version } = v.parse(Download, JSON.parse(output));
  const patch = join(PATCHES, "client-go.patch");
  const folder = buildPath("workspace", sha256(version + readFileSync(patch, "utf8")).slice(0, 12));
  const workspace = join(folder, "go.work");
  if (!existsSync(folder)) {
    const unfinished = `${folder}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const copy = join(unfinished, "client-go");
    // The module cache is read-only, and its copy need not be.
    await run(["cp", "--recursive", "--no-preserve=mode", upstream, copy]);
    await run(["patch", "--batch", "--fuzz=0", "--strip=1", `--directory=${copy}`, `--input=${patch}`], {
      failureHint: `${MODULE} ${version} has changed there: make engine/patches/client-go.patch anew`,
    });
    renameSync(unfinished, folder);
  }
  const goVersion = /^go .*$/m.exec(readFileSync(join(cwd, "go.mod"), "utf8"))?.[0];
  // Relative paths: Go writes them into the program, which must be the same in every folder.
  const lines = [goVersion, `use ${relative(folder, cwd)}`, `replace ${MODULE} => ./client-go`];
  writeFileSync(workspace, `${lines.join("\n")}\n`);
  copyFileSync(join(PATCHES, "go.work.sum"), join(folder, "go.work.sum"));
  return workspace;
}
