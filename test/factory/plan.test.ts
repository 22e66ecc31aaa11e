// What a plan says is all that its steps take: a build where there is nothing else.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePlan } from "../../src/image/build.ts";
import { archivePath } from "../../src/image/debian/archives.ts";
import { packagesOf } from "../../src/image/debian/lock.ts";
import { fetchPackages, readInputs, readLock } from "../../src/image/debian/packages.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { unplannedFiles } from "./planned.ts";

const plan = makePlan(["initramfs"], "vm");
/** The factory itself. */
const FACTORY = ["bin", "src", "package.json"];
const withoutNetwork = ["unshare", "--net", ...(process.getuid?.() === 0 ? [] : ["--map-current-user"])];
let checkout: string;

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), "kubesolo-os-"));
  await fetchPackages(readInputs(), readLock(), plan.groups);
  const sources = plan.steps.flatMap(({ reads }) => reads).filter((path) => !path.startsWith("build/"));
  for (const path of [...FACTORY, ...sources])
    cpSync(sourcePath(path), join(checkout, path), { recursive: true });
  symlinkSync(sourcePath("node_modules"), join(checkout, "node_modules"));
  const cache = join(checkout, "build/cache/debian");
  mkdirSync(cache, { recursive: true });
  const archives = plan.groups.flatMap((group) => packagesOf(readLock(), group)).map(archivePath);
  for (const archive of new Set(archives)) symlinkSync(archive, join(cache, basename(archive)));
});

afterAll(() => rmSync(checkout, { recursive: true }));

test("an initramfs is made of the sources and packages that its plan names", async () => {
  const command = [join(checkout, "bin/kubesolo-os"), "build", "initramfs"];
  const printed = await run([...withoutNetwork, ...command], { cwd: checkout });
  expect(existsSync(printed.trim())).toBe(true);
});

test("and no step made anything that it doesn't name", () => {
  expect(unplannedFiles(checkout, plan)).toEqual([]);
});
