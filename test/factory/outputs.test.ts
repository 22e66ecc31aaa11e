// What the factory promises of its outputs, checked on the files that it makes.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath, repository, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";

const described = ["manifest.json", "sbom.spdx.json"];
let outputs: string[];
let copy: string;
let copiedOutputs: string[];

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "kubesolo-os-"));
  outputs = await build(repository);
  await copySources(copy);
  copiedOutputs = await build(copy);
}, 3_000_000);

afterAll(() => {
  rmSync(copy, { recursive: true });
});

test("the disk, the ISO and what describes them are the same bytes in another folder", async () => {
  expect(copiedOutputs.map((path) => basename(path))).toEqual(outputs.map((path) => basename(path)));
  const inFolder = (path: string) => described.map((name) => join(dirname(path), name));
  const ours = [...outputs, ...inFolder(outputs[0] ?? "")];
  const theirs = [...copiedOutputs, ...inFolder(copiedOutputs[0] ?? "")];
  for (const [index, path] of ours.entries()) await run(["cmp", path, theirs[index] ?? ""]);
});

test("sha256sum agrees with the checksums beside the outputs", async () => {
  for (const path of outputs)
    expect(await run(["sha256sum", "--check", `${path}.sha256`], { cwd: dirname(path) })).toContain(": OK");
});

test("the ISO has less than 100 MB", () => {
  expect(statSync(outputs.find((path) => path.endsWith(".iso")) ?? "").size).toBeLessThan(100e6);
});

test("nothing that is handed on tells a path of this host", () => {
  for (const name of described) {
    const text = readFileSync(join(dirname(outputs[0] ?? ""), name), "utf8");
    expect(text).not.toContain(repository);
    expect(text).not.toContain(tmpdir());
  }
});

test.each([
  ["Debian", "nftables", "pkg:deb/debian/nftables@"],
  ["Go", "k8s.io/kubernetes", "pkg:golang/k8s.io/kubernetes@v"],
  ["npm", "valibot", "pkg:npm/valibot@"],
])("the bill of materials knows a part from %s", (_from, name, purl) => {
  const sbom = JSON.parse(readFileSync(join(dirname(outputs[0] ?? ""), "sbom.spdx.json"), "utf8"));
  const part = sbom.packages.find((candidate: { name: string }) => candidate.name === name);
  expect(part.externalRefs[0].referenceLocator).toContain(purl);
});

/** Builds the disk and the ISO with the recipe of a checkout; returns their host paths. */
async function build(checkout: string): Promise<string[]> {
  const gitDirectory = (await run(["git", "rev-parse", "--absolute-git-dir"], { cwd: repository })).trim();
  const printed = await run([join(checkout, "bin/kubesolo-os"), "build", "disk", "iso"], {
    cwd: checkout,
    env: { GIT_DIR: gitDirectory },
  });
  return printed.trim().split("\n");
}

/** All that git would commit, with caches of its own but for the downloads. */
async function copySources(target: string): Promise<void> {
  const files = await run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
  });
  for (const file of files.split("\0").filter((name) => name !== ""))
    cpSync(sourcePath(file), join(target, file), { recursive: true });
  symlinkSync(sourcePath("node_modules"), join(target, "node_modules"));
  mkdirSync(join(target, "build/cache"), { recursive: true });
  symlinkSync(buildPath("cache/debian"), join(target, "build/cache/debian"));
}
