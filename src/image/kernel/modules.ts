// Which kernel modules go along: the wanted ones and all they depend on. Pure.
import { UserError } from "../../lib/errors.ts";
import type { WantedModules } from "./wanted.ts";

/** What `depmod` says of a kernel; paths are below its module folder, "kernel/fs/ext4/ext4.ko.xz". */
export interface ModuleIndex {
  /** Module path → the paths it depends on, all of them. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Module name → names or aliases that it asks for while it works, and that no symbol shows. */
  readonly softDependencies: ReadonlyMap<string, readonly string[]>;
  readonly builtin: ReadonlySet<string>;
  /** Alias pattern → names of the modules that answer, in the index's order. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

/** The texts of a kernel's modules.dep, modules.softdep, modules.builtin and modules.alias. */
export interface IndexFiles {
  readonly dep: string;
  readonly softdep: string;
  readonly builtin: string;
  readonly alias: string;
}

/** modules.dep(5), modprobe.d(5) */
export function parseModuleIndex(files: IndexFiles): ModuleIndex {
  const dependencies = lines(files.dep).map((line) => {
    const [path = "", rest = ""] = line.split(":");
    return [path, words(rest)] as const;
  });
  return {
    dependencies: new Map(dependencies),
    softDependencies: parseSoftDependencies(files.softdep),
    builtin: new Set(lines(files.builtin).map(moduleName)),
    aliases: parseAliases(files.alias),
  };
}

/**
 * The sorted paths of the wanted modules with all their dependencies, soft ones too where the kernel has them. A name
 * that the kernel lacks, or a folder in which it has no module, throws.
 */
export function planModules(index: ModuleIndex, wanted: readonly string[]): string[] {
  const paths = pathsByName(index);
  const missing = wanted.filter((each) => find(index, paths, each) === undefined);
  if (missing.length > 0) {
    throw new UserError(`the kernel has no module ${missing.map((name) => `"${name}"`).join(", ")}`, {
      hint: "correct inputs/modules.json, or take a kernel package that has it",
    });
  }
  const taken = new Set(wanted.flatMap((each) => find(index, paths, each) ?? []));
  // A set's loop also comes to what is added on the way.
  for (const path of taken) {
    const soft = index.softDependencies.get(moduleName(path)) ?? [];
    const softPaths = soft.flatMap((each) => findSoft(index, paths, each));
    for (const more of [...(index.dependencies.get(path) ?? []), ...softPaths]) taken.add(more);
  }
  return [...taken].sort();
}

/** The modules behind each alias; an alias nobody answers throws and says who needs it. */
export function modulesOfAliases(index: ModuleIndex, aliases: WantedModules["aliases"]): string[] {
  return Object.entries(aliases).flatMap(([alias, neededFor]) => {
    const names = index.aliases.get(alias);
    if (names !== undefined) return names;
    throw new UserError(`the kernel has no module for "${alias}", needed for ${neededFor}`);
  });
}

/** All modules of an index by their names, with "_" for "-"; those built in too. */
export function moduleNames(index: ModuleIndex): ReadonlySet<string> {
  return new Set([...index.builtin, ...[...index.dependencies.keys()].map(moduleName)]);
}

/** "kernel/fs/ext4/ext4.ko.xz" → "ext4"; the kernel takes "-" and "_" for the same. */
function moduleName(path: string): string {
  return normal(path.replace(/^.*\//, "").replace(/\.ko(\.\w+)?$/, ""));
}

type PathsByName = ReadonlyMap<string, string>;

function pathsByName(index: ModuleIndex): PathsByName {
  return new Map([...index.dependencies.keys()].map((path) => [moduleName(path), path]));
}

/** The paths of a module or a folder; none for what is built in, undefined for what there isn't. */
function find(index: ModuleIndex, paths: PathsByName, wanted: string): readonly string[] | undefined {
  if (wanted.endsWith("/")) {
    const inFolder = [...paths.values()].filter((path) => path.startsWith(wanted));
    return inFolder.length > 0 ? inFolder : undefined;
  }
  const path = paths.get(normal(wanted));
  if (path !== undefined) return [path];
  return index.builtin.has(normal(wanted)) ? [] : undefined;
}

/** A soft dependency is a name or an alias, and may be missing. */
function findSoft(index: ModuleIndex, paths: PathsByName, wanted: string): readonly string[] {
  const names = [wanted, ...(index.aliases.get(wanted) ?? [])];
  return names.flatMap((name) => find(index, paths, name) ?? []);
}

/** Lines like "softdep NAME pre: A B post: C". */
function parseSoftDependencies(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines(text)) {
    const [word, name = "", kind = "", ...rest] = words(line);
    if (word !== "softdep" || !isSoftKind(kind)) continue;
    const more = rest.filter((each) => !isSoftKind(each));
    found.set(normal(name), [...(found.get(normal(name)) ?? []), ...more]);
  }
  return found;
}

function isSoftKind(word: string): boolean {
  return word === "pre:" || word === "post:";
}

function parseAliases(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines(text)) {
    const [word, alias, name] = line.split(" ");
    if (word !== "alias" || !alias || !name) continue;
    found.set(alias, [...(found.get(alias) ?? []), normal(name)]);
  }
  return found;
}

function normal(name: string): string {
  return name.replaceAll("-", "_");
}

function words(line: string): string[] {
  return line.split(" ").filter((word) => word !== "");
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}
