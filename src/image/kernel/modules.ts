// Which kernel modules go along: the wanted ones and all they depend on. Pure.
import * as v from "valibot";
import { UserError } from "../../lib/errors.ts";

const Wanted = v.strictObject({
  initramfs: v.array(v.string()),
  rootfs: v.array(v.string()),
  /** Aliases that the kernel asks for by itself, which no dependency names, and who needs them. */
  aliases: v.record(v.string(), v.string()),
});

export type WantedModules = v.InferOutput<typeof Wanted>;

/** What `depmod` says of a kernel; paths are below its module folder, "kernel/fs/ext4/ext4.ko.xz". */
export interface ModuleIndex {
  /** Module path → the paths it depends on, all of them. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly builtin: ReadonlySet<string>;
  /** Alias pattern → module name, in the index's order. */
  readonly aliases: ReadonlyMap<string, string>;
}

export function parseWantedModules(json: string): WantedModules {
  return v.parse(Wanted, JSON.parse(json));
}

/** Reads modules.dep, modules.builtin and modules.alias (modules.dep(5)). */
export function parseModuleIndex(files: { dep: string; builtin: string; alias: string }): ModuleIndex {
  const dependencies = lines(files.dep).map((line) => {
    const [path = "", rest = ""] = line.split(":");
    return [path, rest.split(" ").filter((dependency) => dependency !== "")] as const;
  });
  const aliases = lines(files.alias)
    .map((line) => line.split(" "))
    .flatMap(([word, alias, name]) => (word === "alias" && alias && name ? [[alias, name] as const] : []));
  return {
    dependencies: new Map(dependencies),
    builtin: new Set(lines(files.builtin).map(moduleName)),
    aliases: new Map(aliases),
  };
}

/** The sorted paths of the named modules with all their dependencies; a name the kernel lacks throws. */
export function planModules(index: ModuleIndex, names: readonly string[]): string[] {
  const paths = new Map([...index.dependencies.keys()].map((path) => [moduleName(path), path]));
  const missing = names.map(normal).filter((name) => !paths.has(name) && !index.builtin.has(name));
  if (missing.length > 0) {
    throw new UserError(`the kernel has no module ${missing.map((name) => `"${name}"`).join(", ")}`, {
      hint: "correct inputs/modules.json, or take a kernel package that has it",
    });
  }
  const wanted = names.map(normal).flatMap((name) => paths.get(name) ?? []);
  return [...new Set(wanted.flatMap((path) => [path, ...(index.dependencies.get(path) ?? [])]))].sort();
}

/** The module behind each alias; an alias nobody answers throws and says who needs it. */
export function modulesOfAliases(index: ModuleIndex, aliases: WantedModules["aliases"]): string[] {
  return Object.entries(aliases).map(([alias, neededFor]) => {
    const name = index.aliases.get(alias);
    if (name !== undefined) return name;
    throw new UserError(`the kernel has no module for "${alias}", needed for ${neededFor}`);
  });
}

/** "kernel/fs/ext4/ext4.ko.xz" → "ext4"; the kernel takes "-" and "_" for the same. */
function moduleName(path: string): string {
  return normal(path.replace(/^.*\//, "").replace(/\.ko(\.\w+)?$/, ""));
}

function normal(name: string): string {
  return name.replaceAll("-", "_");
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}
