// Carries out a row of the table: makes the output once for the same slot, and its checksum beside it.
import { join } from "node:path";
import * as v from "valibot";
import { replaceFile, sha256 } from "../../lib/files.ts";
import type { RunTool } from "../../lib/locked-tools.ts";
import { digestTree } from "../../tree/content.ts";
import { digestFactory, makeOnce } from "../once.ts";
import { checksumLine, hashSparseFile } from "./checksum.ts";
import type { OutputParts } from "./output.ts";
import { type OutputName, outputs } from "./outputs.ts";

/** Returns the host path. */
export async function makeOutput(name: OutputName, parts: OutputParts, runTool: RunTool): Promise<string> {
  const { file, make } = outputs[name];
  const path = join(parts.folder, file);
  const { slot, release, toolsRoot, epoch } = parts;
  const digest = sha256(JSON.stringify([digestFactory(), digestTree(slot), release, toolsRoot, epoch]));
  const checksum = await makeOnce(path, digest, v.string(), async () => {
    await make(path, parts, runTool);
    return hashSparseFile(path, runTool);
  });
  replaceFile(`${path}.sha256`, checksumLine(checksum, file));
  return path;
}
