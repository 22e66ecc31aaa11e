// SSH is in an image that was built with a key, and in no other.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareGroup, prepareTools } from "../../src/image/debian/packages.ts";
import { programArgs } from "../../src/lib/locked-tools.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";

const build = [sourcePath("bin/kubesolo-os"), "build", "rootfs"];
const folder = buildPath("test/ssh-factory");
const LOGIN = [
  "etc/shadow",
  ...["accounts", "ssh", "login"].map((name) => `usr/lib/kubesolo-os/services/${name}`),
  "usr/lib/kubesolo-os/authorized-keys",
  "usr/bin/dropbearkey",
  "usr/sbin/dropbear",
];
const key = join(folder, "id");

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const program = programArgs(await prepareGroup("ssh"), "dropbearkey");
  const printed = await run([...program, "-t", "ed25519", "-f", key]);
  writeFileSync(`${key}.pub`, `${/^ssh-ed25519 .*$/m.exec(printed)?.[0]}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What is in a root: the paths with their modes, and texts. */
async function look(squashfs: string) {
  const tools = await prepareTools();
  const listed = await tools.run(["unsquashfs", "-lls", squashfs]);
  const text = (path: string) => tools.run(["unsquashfs", "-cat", squashfs, path]);
  return { listed, inittab: await text("etc/inittab"), release: await text("etc/os-release"), text };
}

describe("the image that anybody builds", () => {
  test("has no SSH server, no key, no login, and nothing that starts one", async () => {
    const { listed, inittab, release } = await look((await run(build)).trim());
    for (const path of LOGIN) expect(listed).not.toContain(`squashfs-root/${path}\n`);
    expect(listed).not.toMatch(/dropbear|sshd|libtomcrypt/);
    expect(inittab).toBe(readFileSync(sourcePath("rootfs/etc/inittab"), "utf8"));
    expect(inittab).not.toMatch(/getty|askfirst|ssh|login/);
    expect(release).toMatch(/^VARIANT_ID="vm"$/m);
    expect(release).not.toContain("VARIANT=");
  });
});

describe("an image with a key", () => {
  test("is another one, with all of it, and the key is root's alone", async () => {
    const squashfs = (await run([...build, "--ssh", `${key}.pub`])).trim();
    expect(dirname(squashfs)).toBe(buildPath("image-baked-ssh"));
    const { listed, inittab, release, text } = await look(squashfs);
    for (const path of LOGIN) expect(listed).toContain(`squashfs-root/${path}\n`);
    expect(listed).toMatch(/^-rw------- .*authorized-keys$/m);
    expect(await text("usr/lib/kubesolo-os/authorized-keys")).toBe(readFileSync(`${key}.pub`, "utf8"));
    expect(inittab).toMatch(/^::respawn:.*\/services\/ssh$/m);
    expect(release).toMatch(/^VARIANT_ID="vm-development"$/m);
  });

  test("needs a public key: a private one is refused, and nothing of it is shown", async () => {
    const secret = "b3BlbnNzaC1rZXktdjEAAAAA";
    const lines = ["-----BEGIN OPENSSH PRIVATE KEY-----", secret, "-----END OPENSSH PRIVATE KEY-----"];
    writeFileSync(key, `${lines.join("\n")}\n`);
    const { exitCode, stdout, stderr } = await runAnyExit([...build, "--verbose", "--ssh", key]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`"${key}" is a private key`);
    expect(stderr).toContain(`mostly "${key}.pub"`);
    expect(stderr).not.toContain(secret);
  });

  test.each([
    ["no file", ["--ssh", "/nowhere/id.pub"], 1, 'cannot read the key "/nowhere/id.pub"'],
    ["a folder", ["--ssh", folder], 1, "cannot read the key"],
    ["no word", ["--ssh"], 64, "argument missing"],
  ])("%s is refused", async (_name, words, code, message) => {
    const { exitCode, stderr } = await runAnyExit([...build, ...words]);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});
