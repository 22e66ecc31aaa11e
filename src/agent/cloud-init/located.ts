// A configuration's values as a tree that remembers where each was written. Pure.
import type { Path, Position } from "./problems.ts";

export type Scalar = string | number | boolean | null;

export type Located =
  /** `source` is how it was written, without quotes: 0644 is the value 420. */
  | {
      readonly kind: "scalar";
      readonly value: Scalar;
      readonly source: string;
      readonly at: Position;
      /** Offsets in the file's readable text; not of what has a tag. */
      /** Base64, by YAML's tag. */
      readonly isBinary?: true;
      readonly range?: readonly [start: number, end: number];
    }
  | { readonly kind: "list"; readonly items: readonly Located[]; readonly at: Position }
  | LocatedMapping;

export interface LocatedMapping {
  readonly kind: "mapping";
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  readonly at: Position;
}

export interface LocatedEntry {
  /** Of the key. */
  readonly at: Position;
  readonly value: Located;
}

/** What mappings inherit: nothing of Object's, so that "constructor" is a key as any other, and String() of one is safe. */
const MAPPING = Object.freeze(Object.create(null, { [Symbol.toPrimitive]: { value: () => "a mapping" } }));

/** As objects and arrays. */
export function plainValue(located: Located): unknown {
  if (located.kind === "scalar") return located.value;
  if (located.kind === "list") return located.items.map(plainValue);
  const object: Record<string, unknown> = Object.create(MAPPING);
  for (const [key, entry] of located.entries) object[key] = plainValue(entry.value);
  return object;
}

/** Of a mapping. */
export function keysOf(located: Located): string[] {
  return located.kind === "mapping" ? [...located.entries.keys()] : [];
}

/** What stands at a path, or the last thing on the way that is there. */
export function locate(root: Located, path: Path): Located {
  let found = root;
  for (const part of path) {
    const next = child(found, part);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** Where the key at the end of a path was written; without such a key, where its mapping was. */
export function locateKey(root: Located, path: Path): Position {
  const parent = locate(root, path.slice(0, -1));
  const entry = parent.kind === "mapping" ? parent.entries.get(String(path[path.length - 1])) : undefined;
  return entry?.at ?? locate(root, path).at;
}

function child(parent: Located, part: string | number): Located | undefined {
  if (parent.kind === "list") return typeof part === "number" ? parent.items[part] : undefined;
  if (parent.kind === "mapping") return parent.entries.get(String(part))?.value;
  return undefined;
}
