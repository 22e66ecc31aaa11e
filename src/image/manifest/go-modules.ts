// The Go modules that are linked into our programs, as the programs themselves tell. Pure.

export interface BuildInfo {
  /** "go1.26.8" */
  readonly go: string;
  readonly modules: readonly { readonly path: string; readonly version: string; readonly sum?: string }[];
}

export interface LinkedModule {
  readonly path: string;
  readonly version: string;
  /** go.sum's; the standard library has none, nor has a module with a patch of ours. */
  readonly sum?: string;
  /** Which of our programs have it in them. */
  readonly programs: readonly string[];
}

/** What part of a module path means Go's own library, in the vulnerability database too. */
export const STANDARD_LIBRARY = "stdlib";

/**
 * Reads what `go version -m FILE` prints. A module that another one replaces counts as that one; one that a folder
 * replaces is upstream's with a patch of ours, and keeps its name and version.
 */
export function parseBuildInfo(text: string): BuildInfo {
  const lines = text.split("\n").map((line) => line.trimEnd().split("\t"));
  const go = /: (go\S+)$/.exec(text.split("\n")[0] ?? "")?.[1];
  if (go === undefined) throw new Error(`not what \`go version -m\` prints: ${text.slice(0, 80)}`);
  const modules: { path: string; version: string; sum?: string }[] = [];
  for (const [, word, path = "", version = "", sum] of lines) {
    const isFolder = /^[./]/.test(path);
    if (word === "=>" && !isFolder) modules.pop();
    if (word === "dep" || (word === "=>" && !isFolder)) modules.push({ path, version, ...(sum && { sum }) });
  }
  return { go, modules };
}

/** Where a module lies in Go's module cache (Go Modules Reference, "Module cache"): "!a" stands for "A". */
export function cacheFolder({ path, version }: Pick<LinkedModule, "path" | "version">): string {
  return `${path}@${version}`.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** Every module once, sorted, from what each program tells. */
export function joinModules(programs: Readonly<Record<string, BuildInfo>>): LinkedModule[] {
  const joined = new Map<string, LinkedModule>();
  for (const [program, { go, modules }] of Object.entries(programs)) {
    const library = { path: STANDARD_LIBRARY, version: go.replace(/^go/, "") };
    for (const module of [library, ...modules]) {
      const key = `${module.path}@${module.version}`;
      joined.set(key, { ...module, programs: [...(joined.get(key)?.programs ?? []), program].sort() });
    }
  }
  return [...joined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, module]) => module);
}
