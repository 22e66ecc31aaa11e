// Makes a file only when what it is made from has changed; what that was is recorded in a folder of its own, as others take
// all of the file's.
import { existsSync, statSync } from "node:fs";
import { relative } from "node:path";
import * as v from "valibot";
import { readTextIfThere, replaceFile, sha256 } from "../lib/files.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { hostFolder } from "../tree/host.ts";
import { makeTree } from "../tree/tree.ts";

/**
 * Runs `make`, which writes the host file `file`, unless the file was made from inputs with this digest already.
 * @param about what `make` returns, of which the record keeps a copy
 */
export async function makeOnce<T>(
  file: string,
  digest: string,
  about: v.GenericSchema<unknown, T>,
  make: () => Promise<T>,
): Promise<T> {
  const record = buildPath("records", `${encodeURIComponent(relative(buildPath(), file))}.json`);
  const Record = v.object({ digest: v.literal(digest), sizeBytes: v.number(), about });
  const before = v.safeParse(Record, JSON.parse(readTextIfThere(record) ?? "{}"));
  if (before.success && existsSync(file) && statSync(file).size === before.output.sizeBytes)
    return before.output.about;
  // An interrupted run must be seen as unfinished.
  replaceFile(record, "{}");
  const result = await make();
  replaceFile(record, JSON.stringify({ digest, sizeBytes: statSync(file).size, about: result }));
  return result;
}

/** SHA-256 in hex of the factory's own sources: when they change, what they made is made again. */
export function digestFactory(): string {
  const folders = ["image", "release", "tree", "disk"].map((folder) =>
    digestTree(makeTree(hostFolder("", sourcePath("src", folder)))),
  );
  return sha256(folders.join());
}
