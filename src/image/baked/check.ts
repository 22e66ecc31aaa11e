// Checks all that is to be baked in, before anything is built: a device that is found to be wrong in the field is too late.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { reportOn } from "../../agent/cloud-init/verdict.ts";
import { parseManifest } from "../../agent/configuration/kubernetes/manifest-objects.ts";
import { UserError } from "../../lib/errors.ts";
import { log } from "../../lib/log.ts";
import type { Architecture } from "../debian/inputs.ts";
import { type BakedFiles, nameProblems } from "./baked.ts";
import { readImageNames } from "./image-archive.ts";
import { nodeDecoder } from "./node-decoder.ts";
import { readSshKeys } from "./ssh-keys.ts";
import { readUpdateKeys } from "./update-keys.ts";

/** Node reads no larger file at once, and no slot could hold it. */
const MAX_ARCHIVE_BYTES = 2 ** 31 - 1;

/** The manifests of a folder, sorted; throws when there is none. */
export function listManifests(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UserError(`there is no folder "${folder}" of manifests`);
  const names = readdirSync(folder).filter((name) => /\.(ya?ml|json)$/.test(name));
  if (names.length === 0)
    throw new UserError(`the folder "${folder}" holds no manifest`, {
      hint: "they end in .yaml, .yml or .json",
    });
  return names.sort().map((name) => join(folder, name));
}

export async function checkBaked(baked: BakedFiles, architecture: Architecture): Promise<void> {
  const problems = nameProblems(baked);
  if (problems.length > 0) throw new UserError(`cannot bake this in: ${problems.join("; ")}`);
  for (const path of baked.images) await checkArchive(path, architecture);
  checkManifests(baked.manifests);
  if (baked.config !== undefined) checkConfig(baked.config);
  if (baked.updateKeys !== undefined) readUpdateKeys(baked.updateKeys);
  if (baked.ssh !== undefined) readSshKeys(baked.ssh);
}

async function checkArchive(path: string, architecture: Architecture): Promise<void> {
  if (!existsSync(path)) throw new UserError(`there is no image archive "${path}"`);
  const { size } = statSync(path);
  if (size > MAX_ARCHIVE_BYTES) throw new UserError(`the image archive "${path}" has 2 GiB or more`);
  await readImageNames(path, architecture);
}

function checkManifests(paths: readonly string[]): void {
  const problems = paths.flatMap((path) =>
    parseManifest(readFileSync(path, "utf8")).problems.map((problem) => `${path}: ${problem}`),
  );
  if (problems.length > 0) throw new UserError(`cannot use these manifests:\n  ${problems.join("\n  ")}`);
}

/** The device's own check, with its words; warnings don't stop a build. */
function checkConfig(path: string): void {
  if (!existsSync(path)) throw new UserError(`there is no configuration "${path}"`);
  const files = { "user-data": { file: path, content: readFileSync(path) } };
  const { isGood, stderr, hasPlainPasswords } = reportOn(files, nodeDecoder, "check");
  if (!isGood) throw new UserError(`cannot use this configuration:\n${stderr.trimEnd()}`);
  if (hasPlainPasswords)
    throw new UserError(
      `the configuration "${path}" has a password in plain text, which anybody could read in the image`,
      {
        hint: "hash it with `openssl passwd -6`, and write the hash instead",
      },
    );
  if (stderr !== "") log(stderr.trimEnd());
}
