// What the factory promises of its outputs, checked on the files that it makes.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePlan } from "../../src/image/build.ts";
import { prepareTools } from "../../src/image/debian/packages.ts";
import type { Manifest } from "../../src/image/manifest/manifest.ts";
import { readBuiltImage } from "../../src/lib/built.ts";
import { buildPath, repository, sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { unplannedFiles } from "./planned.ts";
import { validateSpdx } from "./spdx-validator.ts";

const buildCommand = [sourcePath("bin/kubesolo-os"), "build"];
/** Runs a command where there are no links but a loopback that is down. Root may do so; others need a user namespace. */
const withoutNetwork = ["unshare", "--net", ...(process.getuid?.() === 0 ? [] : ["--map-current-user"])];
const described = ["manifest.json", "sbom.spdx.json"];
let outputs: string[];
let copy: string;
let copiedOutputs: string[];

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "kubesolo-os-"));
  await run([sourcePath("bin/kubesolo-os"), "fetch"]);
  outputs = await build(repository);
  await copySources(copy);
  copiedOutputs = await build(copy, withoutNetwork);
}, 3_000_000);

afterAll(() => {
  rmSync(copy, { recursive: true });
});

test("without a network, nothing is reached", async () => {
  const { stdout } = await runAnyExit([...withoutNetwork, "ip", "route"]);
  expect(stdout).toBe("");
});

test("the disk, the ISO and what describes them are the same bytes in another folder, without a network", async () => {
  expect(copiedOutputs.map((path) => basename(path))).toEqual(outputs.map((path) => basename(path)));
  const inFolder = (path: string) => described.map((name) => join(dirname(path), name));
  const ours = [...outputs, ...inFolder(outputs[0] ?? "")];
  const theirs = [...copiedOutputs, ...inFolder(copiedOutputs[0] ?? "")];
  for (const [index, path] of ours.entries()) await run(["cmp", path, theirs[index] ?? ""]);
});

test("no step made anything that the plan doesn't name", () => {
  expect(unplannedFiles(copy, makePlan(["disk", "iso"], "vm"))).toEqual([]);
});

test("sha256sum agrees with the checksums beside the outputs", async () => {
  for (const path of outputs)
    expect(await run(["sha256sum", "--check", `${path}.sha256`], { cwd: dirname(path) })).toContain(": OK");
});

test("what is known of the disk names its profile", () => {
  expect(readBuiltImage()).toMatchObject({ profile: "vm", diskImage: outputs[0] });
});

describe("the ISO", () => {
  test.each([
    ["vm", "virtio_net.ko"],
    ["hardware", "e1000e.ko"],
  ])("of %s has less than 100 MB, with all that a node needs without a network", async (profile, driver) => {
    const iso = (await run([...buildCommand, "iso", "--profile", profile])).trim();
    expect(statSync(iso).size).toBeLessThan(100e6);
    const tools = await prepareTools();
    const onMedium = await tools.run(["xorriso", "-no_rc", "-indev", iso, "-find", "/", "-type", "f"]);
    for (const file of ["vmlinuz", "initramfs.img", "root.squashfs", "boot.cfg", "grub/grub.cfg"])
      expect(onMedium).toContain(`'/${file}'`);
    const inRoot = await tools.run(["unsquashfs", "-l", join(dirname(iso), "root.squashfs")]);
    for (const file of [
      "kubesolo",
      "bin/runc",
      "bin/containerd-shim-runc-v2",
      "cni/bridge",
      "images/pause.tar",
      "images/tools.tar",
    ])
      expect(inRoot).toContain(`/engine/${file}\n`);
    expect(inRoot).toContain(`/${driver}\n`);
  });
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

test("what is compiled into the agent is linked, and what compiles it is a tool", () => {
  const manifest = JSON.parse(
    readFileSync(join(dirname(outputs[0] ?? ""), "manifest.json"), "utf8"),
  ) as Manifest;
  const named = (use: string) =>
    manifest.npmPackages.filter((part) => part.use === use).map(({ name }) => name);
  expect(named("linked")).toEqual(["arg", "qr", "valibot", "yaml"]);
  expect(named("tool")).toContain("esbuild");
});

test("the bill of materials is as SPDX's own validator wants it, and one with a made-up licence is not", async () => {
  const path = join(dirname(outputs[0] ?? ""), "sbom.spdx.json");
  expect(await validateSpdx(path)).toMatchObject({ exitCode: 0 });
  const spoilt = join(copy, "spoilt.spdx.json");
  writeFileSync(spoilt, readFileSync(path, "utf8").replace('"MIT"', '"NOBODYS-1.0"'));
  const refused = await validateSpdx(spoilt);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("Unrecognized license reference: NOBODYS-1.0");
});

test("every part says where it is from, and under which licence it is", () => {
  const text = readFileSync(join(dirname(outputs[0] ?? ""), "manifest.json"), "utf8");
  const { debianPackages, goModules, npmPackages } = JSON.parse(text) as Manifest;
  expect(debianPackages.filter(({ origin, licences }) => origin === "" || licences.length === 0)).toEqual([]);
  expect(goModules.filter(({ licences }) => licences.length === 0)).toEqual([]);
  expect(npmPackages.filter(({ licence }) => licence === "unknown")).toEqual([]);
});

test("the initramfs alone is made anew when something in it has changed, and is as before without that", async () => {
  const image = join(dirname(copiedOutputs[0] ?? ""), "initramfs.img");
  const script = join(copy, "init/initramfs");
  const [imageBefore, scriptBefore] = [readFileSync(image), readFileSync(script)];
  const inCopy = async (command: string) => run(inShell([command]), { cwd: copy, env: await ownGit() });
  appendFileSync(script, "# changed\n");
  expect(await inCopy(shownCommand("developing", "make rebuild-initramfs"))).toBe(`${image}\n`);
  expect(readFileSync(image).equals(imageBefore)).toBe(false);
  writeFileSync(script, scriptBefore);
  expect(await inCopy(shownCommand("developing", "bin/kubesolo-os build initramfs"))).toBe(`${image}\n`);
  expect(readFileSync(image).equals(imageBefore)).toBe(true);
});

/** A copy has its commit from here. */
async function ownGit(): Promise<{ GIT_DIR: string }> {
  return { GIT_DIR: (await run(["git", "rev-parse", "--absolute-git-dir"], { cwd: repository })).trim() };
}

/** Builds the disk and the ISO with the recipe of a checkout; returns their host paths. */
async function build(checkout: string, prefix: readonly string[] = []): Promise<string[]> {
  const printed = await run([...prefix, join(checkout, "bin/kubesolo-os"), "build", "disk", "iso"], {
    cwd: checkout,
    env: await ownGit(),
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
