// Which Go modules and npm packages that this repository asks for have newer releases. They are raised by hand: each is read
// first, and Kubernetes' decides most of Go's.
import * as v from "valibot";
import { sourcePath } from "../lib/paths.ts";
import { run, runAnyExit } from "../lib/run.ts";
import { GO_OPTIONS } from "./go-program.ts";

export interface NewerRelease {
  readonly name: string;
  readonly current: string;
  readonly newest: string;
}

const GoModule = v.object({
  Require: v.array(v.object({ Path: v.string(), Version: v.string(), Indirect: v.optional(v.boolean()) })),
  Replace: v.nullish(v.array(v.object({ Old: v.object({ Path: v.string() }) }))),
});

/** Asks Go's module proxy about what a module of this repository, such as "engine", requires itself. */
export async function newerGoModules(module: string): Promise<NewerRelease[]> {
  const cwd = sourcePath(module);
  const options = { ...GO_OPTIONS, cwd };
  const required = ownChoices(
    v.parse(GoModule, JSON.parse(await run(["go", "mod", "edit", "-json"], options))),
  );
  if (required.length === 0) return [];
  const format = "{{.Path}}\t{{.Version}}\t{{with .Update}}{{.Version}}{{end}}";
  return parseModules(await run(["go", "list", "-m", "-u", "-e", `-f=${format}`, ...required], options));
}

/**
 * Paths of the modules that are for us to choose: not the indirect ones, nor those that go with a release of Kubernetes (some
 * have old tags of higher numbers). Pure.
 */
export function ownChoices({ Require, Replace }: v.InferOutput<typeof GoModule>): string[] {
  const replaced = (Replace ?? []).map(({ Old }) => Old.Path);
  return Require.filter(
    ({ Path, Version, Indirect }) =>
      !Indirect && !replaced.includes(Path) && !(Path.startsWith("k8s.io/") && Version.startsWith("v0.")),
  ).map(({ Path }) => Path);
}

/** Reads lines of path, version and newer version, tabs between them. Pure. */
export function parseModules(lines: string): NewerRelease[] {
  return lines.split("\n").flatMap((line) => {
    const [name = "", current = "", newest = ""] = line.split("\t");
    return newest === "" ? [] : [{ name, current, newest }];
  });
}

const Outdated = v.record(v.string(), v.object({ current: v.string(), latest: v.string() }));

/** Asks npm's registry about the packages of package.json. */
export async function newerNpmPackages(): Promise<NewerRelease[]> {
  // It exits with 1 when there are some, and when it can't ask.
  const { stdout, stderr } = await runAnyExit(["npm", "outdated", "--json"], { cwd: sourcePath(".") });
  const answer: unknown = JSON.parse(stdout || "{}");
  if (!v.is(Outdated, answer)) throw new Error(`npm cannot tell newer packages: ${stderr.trim()}`);
  return Object.entries(answer).map(([name, { current, latest }]) => ({ name, current, newest: latest }));
}
