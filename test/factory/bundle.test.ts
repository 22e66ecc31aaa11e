// Bundles, from keys to verdicts, with a slot that is small and made up; and the real one, where it is built.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKeys, rotateFolder } from "../../src/bundle/keys-folder.ts";
import { prepareSigning } from "../../src/bundle/minisign.ts";
import { signRelease } from "../../src/bundle/sign.ts";
import { type Verified, verifyRelease } from "../../src/bundle/verify.ts";
import { readUpdateKeys } from "../../src/image/baked/update-keys.ts";
import { build, makePlan } from "../../src/image/build.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { bundleMembers } from "../../src/release/bundle.ts";
import { makeSmallBundle } from "./small-bundle.ts";

let folder: string;
let tools: Tools;
let keys: string;
let unsigned: string;
let signed: string;

const at = (name: string) => join(folder, name);
const kubesoloOs = (...args: string[]) => runAnyExit([sourcePath("bin/kubesolo-os"), ...args]);
const secret = () => join(keys, "release.key");
/** What the command would say, without the seconds in which it starts. */
const verify = (path: string, folderOfKeys = keys) =>
  verifyRelease(path, readUpdateKeys(join(folderOfKeys, "keys.json")));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubesolo-os-bundle-"));
  tools = await prepareSigning();
  keys = at("keys");
  unsigned = await makeSmallBundle(folder, "one", tools);
  signed = at("signed.tar");
  await createKeys(keys, tools);
  await signRelease(unsigned, { secret: secret(), output: signed }, tools);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the same slot makes the same bytes, and a signature changes none of them", async () => {
  const again = await makeSmallBundle(folder, "two", tools);
  await run(["cmp", unsigned, again]);
  const listed = (await run(["tar", "-tf", signed])).trim().split("\n");
  expect(listed).toEqual([...bundleMembers]);
  writeFileSync(`${again}.sha256`, `${"0".repeat(64)}  of what was built\n`);
  await signRelease(again, { secret: secret() }, tools);
  await run(["cmp", signed, again]);
  await run(["sha256sum", "--check", `${again}.sha256`], { cwd: folder });
});

test("secret keys are their owner's alone, and are not written over", async () => {
  for (const name of ["root.key", "release.key"]) expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600);
  await expect(createKeys(keys, tools)).rejects.toThrow("has keys already: root.key");
});

test("minisign verifies what we sign", async () => {
  const loose = await unpack(signed, "loose");
  const printed = await tools.run([
    ...["minisign", "-V", "-p", join(keys, "release.pub")],
    ...["-m", join(loose, "release.json")],
  ]);
  expect(printed).toContain("Trusted comment: kubesolo-os 1.2.3 sequence 7 amd64 vm");
  await tools.run(["minisign", "-V", "-p", join(keys, "root.pub"), "-m", join(keys, "keys.json")]);
});

test("the commands make keys, sign, verify and tell what a bundle says of itself", async () => {
  const [own, bundled] = [at("own"), at("own.tar")];
  expect(await kubesoloOs("keys", "create", own)).toMatchObject({
    exitCode: 0,
    stdout: `${own}/keys.json\n`,
  });
  const sign = ["sign", unsigned, "--key", join(own, "release.key"), "--output", bundled];
  expect(await kubesoloOs(...sign)).toMatchObject({ exitCode: 0, stdout: `${bundled}\n` });
  const good = await kubesoloOs("verify", bundled, "--keys", join(own, "keys.json"));
  expect(good.exitCode).toBe(0);
  expect(good.stdout).toContain("kubesolo-os 1.2.3, sequence 7");
  expect(good.stdout).toMatch(/^signed by +[0-9A-F]{16}: kubesolo-os 1\.2\.3 sequence 7/m);
  const { stdout } = await kubesoloOs("inspect", unsigned, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ version: "1.2.3", root_hash: "d".repeat(64) });
});

test("a signed bundle is accepted, and so are its files in a folder", async () => {
  for (const path of [signed, await unpack(signed, "loose")])
    expect(await verify(path)).toMatchObject({ trustedComment: "kubesolo-os 1.2.3 sequence 7 amd64 vm" });
});

test("loose files are signed where they are", async () => {
  const loose = await unpack(unsigned, "to-sign");
  await signRelease(loose, { secret: secret() }, tools);
  expect(await verify(loose)).toHaveProperty("keyId");
});

describe("refused with the reason", () => {
  test.each(bundleMembers)("a flipped bit in %s", async (name) => {
    const flipped = await flipBit(name);
    const reason = {
      "release.json": "of other contents",
      "release.json.minisig": "isn't known here|no minisign signature|of other contents|has been changed",
    }[name as string];
    expectRefusal(
      await verify(flipped),
      new RegExp(reason ?? `${name} isn't the file that the release speaks of`),
    );
  });

  test("another's key", async () => {
    await createKeys(at("other"), tools);
    expectRefusal(await verify(signed, at("other")), /which isn't known here/);
  });

  test("no signature", async () => {
    expectRefusal(await verify(unsigned), /it isn't signed/);
  });

  test.each([
    ["in the middle of a file", 4000, /it ends early, in "vmlinuz"/],
    ["in a header", 700, /it ends early/],
    ["behind the last file", -1024, /it ends early/],
  ])("a tar that is cut off %s", async (_where, end, reason) => {
    const cut = at("cut.tar");
    writeFileSync(cut, readFileSync(signed).subarray(0, end));
    expectRefusal(await verify(cut), reason);
  });

  test("something behind the end", async () => {
    const longer = at("longer.tar");
    writeFileSync(longer, Buffer.concat([readFileSync(signed), Buffer.from("more")]));
    expectRefusal(await verify(longer), /it goes on after its end/);
  });

  test.each<[string, string[], RegExp]>([
    ["another order", [...bundleMembers].reverse(), /aren't in the order release\.json, /],
    ["a missing file", bundleMembers.slice(0, -1), /root\.squashfs is missing/],
    ["one file more", [...bundleMembers, "more"], /"more" is no part of a release/],
    ["one that leads elsewhere", [...bundleMembers, "../more"], /"\.\.\/more" is no part of a release/],
    ["a symlink", [...bundleMembers, "link"], /"link" in it is no plain file/],
  ])("a tar with %s", async (_what, names, reason) => {
    const loose = await unpack(signed, "loose");
    mkdirSync(at("loose/inner"), { recursive: true });
    writeFileSync(join(loose, "more"), "more");
    writeFileSync(at("more"), "more");
    await run(["ln", "-sf", "vmlinuz", join(loose, "link")]);
    const tar = at("odd.tar");
    await run(["tar", "--format=ustar", "-P", "-cf", tar, ...names], { cwd: loose });
    expectRefusal(await verify(tar), reason);
  });

  test("several things at once, all told", async () => {
    const loose = await unpack(signed, "worse");
    writeFileSync(join(loose, "vmlinuz"), "longer than it was");
    writeFileSync(
      join(loose, "boot.cfg"),
      readFileSync(join(loose, "boot.cfg"), "utf8").replace("1.2.3", "1.2.4"),
    );
    rmSync(join(loose, "root.squashfs"));
    const refused = await kubesoloOs("verify", loose, "--keys", join(keys, "keys.json"));
    expect(refused.exitCode).toBe(1);
    for (const reason of [/vmlinuz has 18 bytes/, /boot\.cfg isn't the file/, /root\.squashfs is missing/])
      expect(refused.stderr).toMatch(reason);
  });

  test("something else", async () => {
    expectRefusal(await verify(sourcePath("README.md")), /it is no tar archive, or damaged/);
  });

  test("to sign what isn't whole, and the bundle stays as it was", async () => {
    const flipped = await flipBit("vmlinuz");
    const before = readFileSync(flipped);
    const signing = signRelease(flipped, { secret: secret() }, tools);
    await expect(signing).rejects.toThrow("vmlinuz isn't the file that the release speaks of");
    expect(readFileSync(flipped).equals(before)).toBe(true);
    expect(existsSync(`${flipped}.new`)).toBe(false);
  });

  test("to sign with a public key", async () => {
    const signing = signRelease(signed, { secret: join(keys, "release.pub") }, tools);
    await expect(signing).rejects.toThrow("is no secret key of minisign's");
  });
});

test("after a rotation the old release key no longer counts, and each step is signed for a device", async () => {
  const rotated = at("rotated");
  cpSync(keys, rotated, { recursive: true });
  expect(await rotateFolder(rotated, false, tools)).toBe(2);
  expectRefusal(await verify(signed, rotated), /which isn't known here/);
  expect(await rotateFolder(rotated, true, tools)).toBe(3);
  const signedBy = (pub: string, signature: string) =>
    tools.run([
      ...["minisign", "-V", "-p", join(rotated, pub), "-m", join(rotated, "keys.json")],
      ...["-x", join(rotated, signature)],
    ]);
  expect(await signedBy("old/2/root.pub", "keys.json.minisig")).toContain("kubesolo-os keys 3");
  expect(await signedBy("root.pub", "keys.json.2.minisig")).toContain("kubesolo-os keys 3");
  const again = at("again.tar");
  await signRelease(unsigned, { secret: join(rotated, "release.key"), output: again }, tools);
  expect(await verify(again, rotated)).toHaveProperty("keyId");
});

test("the bundle of an image is signed and accepted", async () => {
  const {
    files: [built = ""],
  } = await build(makePlan(["bundle"], "vm"));
  const copy = at("built.tar");
  await signRelease(built, { secret: secret(), output: copy }, tools);
  expect(await verify(copy)).toHaveProperty("keyId");
});

function expectRefusal(verified: Verified, reason: RegExp): void {
  expect("problems" in verified ? verified.problems.join("\n") : "accepted").toMatch(reason);
}

async function unpack(tar: string, name: string): Promise<string> {
  const target = at(name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  await run(["tar", "-xf", tar, "-C", target]);
  return target;
}

/** The signed bundle with one bit of a file changed: the lowest of the byte in its middle. */
async function flipBit(name: string): Promise<string> {
  const bytes = readFileSync(signed);
  const content = readFileSync(join(await unpack(signed, "whole"), name));
  const offset = bytes.indexOf(content) + Math.floor(content.length / 2);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  const path = at("flipped.tar");
  writeFileSync(path, bytes);
  return path;
}
