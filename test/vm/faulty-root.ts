// A release with another root: some of its files changed, and all that vouches for it made anew. What is large in it is taken as it was
// built.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appendVerity, growSquashfs } from "../../src/image/filesystems.ts";
import { buildPath } from "../../src/lib/paths.ts";
import type { ReleaseManifest } from "../../src/release/release-manifest.ts";
import { hostFolder } from "../../src/tree/host.ts";
import { directory, makeTree, textFile } from "../../src/tree/tree.ts";
import { secondImage } from "../../src/vm/update-releases.ts";
import { imageTools } from "./machine-under-test.ts";

/** Of a file of the root: its image path, and what becomes of its text. */
export type Change = readonly [imagePath: string, change: (text: string) => string];

/** Behind a stage that has the data: which of its tries it is, as `tried`. */
export const countTries = `
tried=$(($(cat /data/tried 2>/dev/null) + 1))
echo "$tried" >/data/tried
`;

/** `folder` has the files of the second release, and is changed. */
export async function changeRoot(folder: string, version: string, changes: readonly Change[]): Promise<void> {
  const tools = imageTools();
  const squashfs = join(folder, "root.squashfs");
  const unpacked = join(folder, "root");
  // root-image.ts says which folders are compressed apart.
  await tools.run(["unsquashfs", "-q", "-n", "-d", unpacked, "-excludes", squashfs, "engine", "system"]);
  const texts = [...changes, renamed(version)].map(([path, change]) => {
    const text = change(readFileSync(join(unpacked, path), "utf8"));
    return textFile(path, text, 0o755);
  });
  const changed = new Set(texts.map(([path]) => path));
  const tree = makeTree([
    ...foldersOf(unpacked).map((path) => directory(path)),
    ...hostFolder("", unpacked).filter(([path]) => !changed.has(path)),
    ...texts,
  ]);
  copyFileSync(buildPath(secondImage, "system.squashfs"), squashfs);
  await growSquashfs(squashfs, tree, tools);
  rmSync(unpacked, { recursive: true });
  const { dataBlocks, rootHash, salt } = await appendVerity(squashfs, tools);
  replaceText(join(folder, "boot.cfg"), (text) =>
    text.replace(/kubesolo\.verity=\S+:\S+:[0-9a-f]+/, `kubesolo.verity=${dataBlocks}:${rootHash}:${salt}`),
  );
  replaceText(join(folder, "release.json"), (text) => {
    const manifest = JSON.parse(text) as ReleaseManifest;
    return JSON.stringify({ ...manifest, root_hash: rootHash });
  });
}

const renamed = (version: string): Change => [
  "etc/os-release",
  (text) => text.replace(/^VERSION_ID=.*$/m, `VERSION_ID="${version}"`),
];

function foldersOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isDirectory())
    .map((item) => join(item.parentPath, item.name).slice(folder.length + 1));
}

function replaceText(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}
