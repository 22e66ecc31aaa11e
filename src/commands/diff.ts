import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { bundleContents, type Contents, describeDifference, imageContents } from "../bundle/difference.ts";
import { readRelease } from "../bundle/release.ts";
import { parseManifest } from "../image/manifest/manifest.ts";
import { UserError } from "../lib/errors.ts";
import { printable } from "../release/minisign.ts";

const NOTES = `
Of two bundles: versions, Kubernetes and the sizes of files. Of two folders of images (build/image), by their manifest.json, also
packages, modules and container images, with their licences. Nothing is printed when nothing differs.`;

export function diffCommand(): Command {
  return new Command("diff")
    .description("print what differs between two releases")
    .argument("<before>", "a bundle, or a folder with an image's manifest.json")
    .argument("<after>", "another one")
    .addHelpText("after", NOTES)
    .action(async (before: string, after: string) => {
      const lines = describeDifference(await readContents(before), await readContents(after));
      for (const line of lines) console.log(printable(line));
    });
}

async function readContents(path: string): Promise<Contents> {
  const file = join(path, "manifest.json");
  if (!existsSync(file)) return readBundle(path);
  const manifest = parseManifest(readFileSync(file, "utf8"));
  if (manifest === undefined)
    throw new UserError(`cannot read "${file}": it is no manifest of this version's`);
  return imageContents(manifest);
}

async function readBundle(path: string): Promise<Contents> {
  const { manifest, problems } = await readRelease(path);
  if (manifest !== undefined) return bundleContents(manifest);
  throw new UserError(`cannot read the release "${path}":\n  ${problems.map(printable).join("\n  ")}`);
}
