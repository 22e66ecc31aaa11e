import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFolder } from "./folder.ts";
import { directory, makeTree, symlink, textFile } from "./tree.ts";

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => rmSync(work, { recursive: true }));

const tree = makeTree([
  directory("tmp", 0o1777),
  textFile("usr/bin/run", "#!/bin/sh\n", 0o755),
  symlink("bin", "usr/bin"),
]);

test("writes files, folders and links with their modes, whatever the umask is", () => {
  const umask = process.umask(0o077);
  const folder = join(work, "root");
  writeFolder(tree, folder, 1000);
  process.umask(umask);
  expect(readFileSync(join(folder, "bin/run"), "utf8")).toBe("#!/bin/sh\n");
  expect(readlinkSync(join(folder, "bin"))).toBe("usr/bin");
  const modes = ["tmp", "usr", "usr/bin/run"].map((path) => statSync(join(folder, path)).mode & 0o7777);
  expect(modes).toEqual([0o1777, 0o755, 0o755]);
});

test("gives every path the same time, folders too", () => {
  const folder = join(work, "root");
  writeFolder(tree, folder, 1000);
  for (const path of ["", "tmp", "usr", "usr/bin", "usr/bin/run"])
    expect(statSync(join(folder, path)).mtimeMs, path).toBe(1_000_000);
});

test("refuses a folder that is there already", () => {
  expect(() => writeFolder(tree, work, 1000)).toThrow("EEXIST");
});
