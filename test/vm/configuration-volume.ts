// A volume with a node's configuration, made by the tools that people make theirs with: a CD, or a stick.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { imageTools } from "./machine-under-test.ts";

/** Texts by their names: "user-data", "meta-data". */
export type VolumeFiles = Readonly<Record<string, string>>;

export type VolumeKind = "cd" | "stick";

const writers: Readonly<
  Record<VolumeKind, (path: string, folder: string, { run }: Tools) => Promise<unknown>>
> = {
  cd: (path, folder, { run }) =>
    run(["xorriso", "-as", "mkisofs", "-quiet", "-J", "-r", "-V", "cidata", "-o", path, folder]),
  async stick(path, folder, { run }) {
    await run(["mkfs.vfat", "-C", "-n", "CIDATA", path, "1440"]);
    await run(["mcopy", "-i", path, ...readdirSync(folder).map((name) => join(folder, name)), "::/"]);
  },
};

/** `path` is a host path, which is made anew. */
export async function writeConfigurationVolume(
  kind: VolumeKind,
  path: string,
  files: VolumeFiles,
): Promise<void> {
  const folder = `${path}.files`;
  for (const old of [path, folder]) rmSync(old, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await writers[kind](path, folder, imageTools());
}
