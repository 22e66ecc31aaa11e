// Several sources → one: what user-data says goes before what vendor-data says, key by key, as in cloud-init's default
// (list()+dict()+str()): mappings are joined, lists and words are taken whole. Pure.
import type { Located, LocatedEntry, LocatedMapping } from "./located.ts";
import { plainValue } from "./located.ts";
import { type Problem, quoted } from "./problems.ts";

export function mergeSources(first: Located, second: Located): Located {
  if (first.kind !== "mapping" || second.kind !== "mapping") return first;
  const entries = new Map<string, LocatedEntry>(second.entries);
  for (const [key, entry] of first.entries) {
    const other = second.entries.get(key);
    const isJoined = entry.value.kind === "mapping" && other?.value.kind === "mapping";
    entries.set(key, isJoined ? { at: entry.at, value: mergeSources(entry.value, other.value) } : entry);
  }
  return { ...first, entries };
}

/** user-data may say that it wants no vendor-data. */
export function wantsVendorData(userData: Located): boolean {
  const value = entry(userData, "vendor_data")?.value;
  const enabled = value === undefined ? undefined : entry(value, "enabled")?.value;
  return !(enabled?.kind === "scalar" && /^(?:false|no|off|0)$/i.test(String(enabled.value)));
}

/** What asks for another way of merging: it would need what isn't there, or be passed over in silence. */
export function checkMergeHow(root: Located, isMerged: boolean): Problem[] {
  return ["merge_how", "merge_type"].flatMap((key) => {
    const found = entry(root, key);
    if (found === undefined || isDefault(plainValue(found.value))) return [];
    return [
      {
        severity: isMerged ? ("error" as const) : ("warning" as const),
        ...found.at,
        path: key,
        message: isMerged
          ? `user-data and vendor-data can be merged in one way only, not ${quoted(plainValue(found.value))}`
          : "no effect: there is one file, and nothing to merge it with",
        hint: "remove the key; mappings are joined, and user-data goes before vendor-data",
      },
    ];
  });
}

function isDefault(how: unknown): boolean {
  return (
    how === null ||
    (typeof how === "string" &&
      /^(?:(?:list|dict|str)\((?:no_replace|replace)?\)\+?)+$/.test(how) &&
      !/dict\(replace/.test(how))
  );
}

function entry(root: Located, key: string): LocatedEntry | undefined {
  return (root as Partial<LocatedMapping>).entries?.get(key);
}
