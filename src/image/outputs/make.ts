// Carries out a row of the table: makes the output once for the same slot, and its checksum beside it.
import { join } from "node:path";
import * as v from "valibot";
import { replaceFile, sha256 } from "../../lib/files.ts";
import type { Tools } from "../../lib/locked-tools.ts";
import { digestTree } from "../../tree/content.ts";
import { digestFactory, makeOnce } from "../once.ts";
import { checksumLine, hashSparseFile } from "./checksum.ts";
import type { OutputParts } from "./output.ts";
import { type OutputName, outputs } from "./outputs.ts";

/** Returns the host path. */
export async function makeOutput(name: OutputName, parts: OutputParts, tools: Tools): Promise<string> {
  const { file, make } = outputs[name];
  const path = join(parts.folder, file);
  const { slot, release } = parts;
  const digest = sha256(
    JSON.stringify([digestFactory(), digestTree(slot), release, tools.root, tools.epoch]),
  );
  const checksum = await makeOnce(path, digest, v.string(), async () => {
    await make(path, parts, tools);
    return hashSparseFile(path, tools);
  });
  replaceFile(`${path}.sha256`, checksumLine(checksum, file));
  return path;
}
