// A release in a repository of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseProduct } from "../image/product.ts";
import { release } from "./release.ts";

const changelog = "# Changelog\n\n## Unreleased\n\n- New.\n# Not a comment.\n";

let folder: string;

const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const make = (version: string, isDryRun = false) =>
  release(folder, { version, date: "2026-12-01", isDryRun });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kubesolo-os-release-"));
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Tester");
  git("config", "user.email", "tester@example.org");
  write(
    "package.json",
    JSON.stringify({ version: "0.1.0", release: { sequence: 1, minCompatibleVersion: "0.1.0" } }),
  );
  write("package-lock.json", JSON.stringify({ version: "0.1.0", packages: { "": { version: "0.1.0" } } }));
  write("CHANGELOG.md", changelog);
  write("other", "other\n");
  git("add", ".");
  git("commit", "--quiet", "--message=first");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("two releases, one after the other", async () => {
  await make("0.2.0");
  expect(git("log", "-1", "--format=%s", "v0.2.0")).toBe("build: release 0.2.0");
  expect(git("cat-file", "-t", "v0.2.0")).toBe("tag");
  expect(git("tag", "--list", "--format=%(contents)")).toBe("KubeSolo OS 0.2.0\n\n- New.\n# Not a comment.");
  expect(git("status", "--porcelain")).toBe("");
  expect(git("show", "--stat=80", "--format=")).toContain("3 files changed");
  expect(parseProduct(read("package.json"))).toMatchObject({ version: "0.2.0", sequence: 2 });
  await expect(make("0.3.0")).rejects.toThrow('says nothing below "Unreleased"');
  write("CHANGELOG.md", read("CHANGELOG.md").replace("## Unreleased\n", "## Unreleased\n\n- Newer.\n"));
  git("commit", "--quiet", "--all", "--message=second");
  await make("0.3.0");
  expect(parseProduct(read("package.json"))).toMatchObject({ version: "0.3.0", sequence: 3 });
  expect(git("tag", "--list")).toBe("v0.2.0\nv0.3.0");
  expect(git("show", "v0.3.0", "--no-patch", "--format=")).toContain("- Newer.");
  expect(git("show", "v0.3.0", "--no-patch", "--format=")).not.toContain("- New.");
});

test("a dry run says what would be done, and does nothing", async () => {
  const head = git("rev-parse", "HEAD");
  expect(await make("0.2.0", true)).toMatchObject({ tag: "v0.2.0", sequence: 2 });
  expect([git("rev-parse", "HEAD"), git("status", "--porcelain"), git("tag", "--list")]).toEqual([
    head,
    "",
    "",
  ]);
});

test("what isn't ready is told all at once, and nothing is changed", async () => {
  write("other", "changed\n");
  write("a new file", "");
  git("switch", "--quiet", "--create", "try");
  const refused = make("0.1.0");
  await expect(refused).rejects.toThrow(
    /cannot release 0\.1\.0:\n.*isn't later\n.*"try".*\n.*: other and 1 more$/,
  );
  expect([read("CHANGELOG.md"), git("tag", "--list")]).toEqual([changelog, ""]);
});

test("a tag that can't be made leaves the tree as it was", async () => {
  // A tag below this name keeps git from making one of this name.
  git("update-ref", "refs/tags/v0.2.0/x", "HEAD");
  const head = git("rev-parse", "HEAD");
  await expect(make("0.2.0")).rejects.toThrow("git tag");
  expect([git("rev-parse", "HEAD"), git("status", "--porcelain"), read("CHANGELOG.md")]).toEqual([
    head,
    "",
    changelog,
  ]);
});

test("a commit that a hook refuses leaves the tree as it was", async () => {
  writeFileSync(join(folder, ".git/hooks/pre-commit"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  await expect(make("0.2.0")).rejects.toThrow("git commit");
  expect([git("status", "--porcelain"), read("CHANGELOG.md"), git("tag", "--list")]).toEqual([
    "",
    changelog,
    "",
  ]);
});
