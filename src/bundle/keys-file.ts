// keys.json as a person's keys lead to it: the first one, and the next. Pure.
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";
import { UpdateKeysSchema } from "../release/update-keys.ts";

export type KeysFile = v.InferInput<typeof UpdateKeysSchema>;

/** A key that goes, and the one that comes: lines of public keys. */
export interface Replacement {
  readonly old: string;
  readonly new: string;
}

export interface Rotation {
  readonly release: Replacement;
  readonly root?: Replacement;
}

export function firstKeys(root: string, release: string): KeysFile {
  return { number: 1, threshold: 1, root_keys: [root], release_keys: [release] };
}

/** The keys of others stay. */
export function nextKeys(keys: KeysFile, { release, root }: Rotation): KeysFile {
  return {
    ...keys,
    number: keys.number + 1,
    root_keys: root === undefined ? keys.root_keys : replaced(keys.root_keys, root, "root.pub"),
    release_keys: replaced(keys.release_keys, release, "release.pub"),
  };
}

/** The text of the file; throws when it isn't what the schema says. */
export function formatKeys(keys: KeysFile): string {
  return `${JSON.stringify(v.parse(UpdateKeysSchema, keys), null, 2)}\n`;
}

function replaced(keys: readonly string[], { old, new: other }: Replacement, file: string): string[] {
  if (!keys.includes(old))
    throw new UserError(`the key of ${file} isn't in keys.json`, {
      hint: `keys.json has the keys that count: put the ${file} there that belongs to it`,
    });
  return keys.map((key) => (key === old ? other : key));
}
