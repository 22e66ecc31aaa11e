// `kubesolo-os flash` on loop devices of this host, as root: what a stick would hold.
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { compareImage, planCopy, writeImage } from "../../src/flash/copy.ts";
import { prepareTools } from "../../src/image/debian/packages.ts";
import { readPart } from "../../src/lib/files.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { openTerminal } from "../terminal.ts";
import { makeSmallDisk, smallDiskBytes } from "./small-disk.ts";

const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), "flash-"));
const image = join(folder, "build/image/kubesolo-os.img");
const devices: string[] = [];
let tools: Tools;

beforeAll(async () => {
  tools = await prepareTools();
  mkdirSync(dirname(image), { recursive: true });
  symlinkSync(sourcePath("bin"), join(folder, "bin"));
  await makeSmallDisk(image, tools);
}, 60_000);

afterEach(async () => {
  for (const device of devices.splice(0)) await run(["losetup", "--detach", device]);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A device full of somebody's bytes, which is not removable. */
async function attach(sizeBytes = smallDiskBytes + 300 * MIB): Promise<string> {
  const backing = join(folder, `device-${devices.length}.img`);
  rmSync(backing, { force: true });
  writeFileSync(backing, "");
  truncateSync(backing, sizeBytes);
  const device = (await run(["losetup", "--find", "--show", backing])).trim();
  devices.push(device);
  for (const at of [0, MIB, 700 * MIB, sizeBytes - 512].filter((place) => place < sizeBytes))
    write(device, at, Buffer.alloc(512, 0xaa));
  return device;
}

function write(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  fsyncSync(file);
  closeSync(file);
}

const flash = (...args: string[]) => runAnyExit([sourcePath("bin/kubesolo-os"), "flash", ...args]);

test("a device gets all of the image, holes too, and no table of before is left at its end", async () => {
  const device = await attach();
  const { exitCode, stdout, stderr } = await flash(image, device, "--yes", "--force");
  expect([exitCode, stdout]).toEqual([0, `${device}\n`]);
  expect(stderr).toContain("all of this will be erased");
  expect(stderr).toMatch(/read back and compare +[\d.]+ s/);
  await run(["cmp", "--bytes", String(smallDiskBytes), image, device]);
  const size = smallDiskBytes + 300 * MIB;
  expect(readPart(device, size - MIB, MIB).equals(Buffer.alloc(MIB))).toBe(true);
  expect(await tools.run(["sfdisk", "--json", device])).toContain("KSOLOEFI");
});

test.each([
  ["without a terminal and --yes", ["--force"], "nobody has said that it may be erased"],
  ["what isn't removable", ["--yes"], "isn't removable"],
])("%s, nothing is written", async (_name, options, words) => {
  const device = await attach();
  const { exitCode, stderr } = await flash(image, device, ...options);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(words)]);
  expect(readPart(device, 0, 512).equals(Buffer.alloc(512, 0xaa))).toBe(true);
});

test("a person finds the stick and says yes or no", async () => {
  const device = await attach();
  const inFolder = (command: string) => asStick(device, inShell([`cd ${folder}`, command], { sudo: [] }));
  expect(await run(inFolder(shownCommand("installing", "lsblk")))).toContain(basename(device));
  const command = inFolder(shownCommand("installing", "sudo bin/kubesolo-os flash", { "/dev/sdb": device }));
  const answer = async (text: string) => {
    const terminal = openTerminal(command);
    await terminal.waitFor(/Erase \S+\? \[y\/N\]/, { timeoutMs: 30_000 });
    terminal.type(`${text}\n`);
    const [exitCode] = await terminal.ended;
    return [exitCode, terminal.shown()];
  };
  expect(await answer("n")).toEqual([1, expect.stringContaining("nothing was written")]);
  expect(readPart(device, 0, 512).equals(Buffer.alloc(512, 0xaa))).toBe(true);
  expect(await answer("y")).toEqual([0, expect.stringMatching(/read back and compare/)]);
  await run(["cmp", "--bytes", String(smallDiskBytes), image, device]);
});

/** What runs where the kernel says of this device that it is removable. */
function asStick(device: string, words: readonly string[]): string[] {
  const one = join(folder, "one");
  writeFileSync(one, "1\n");
  const mount = `mount --bind ${one} /sys/block/${basename(device)}/removable && exec "$@"`;
  return ["unshare", "--mount", "sh", "-c", mount, "sh", ...words];
}

test("a device that is mounted is refused, forced or not", async () => {
  const device = await attach();
  const place = join(folder, "mounted");
  await tools.run(["mke2fs", "-q", "-F", device]);
  await run(["mkdir", "-p", place]);
  await run(["mount", device, place]);
  try {
    const { exitCode, stderr } = await flash(image, device, "--yes", "--force");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`is mounted at "${place}"`)]);
  } finally {
    await run(["umount", place]);
  }
});

test("a device that another program holds is refused by the kernel, whatever lsblk says", async () => {
  const device = await attach();
  const holder = openSync(device, constants.O_RDWR | constants.O_EXCL);
  try {
    const { exitCode, stderr } = await flash(image, device, "--yes", "--force");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("in use by another program")]);
  } finally {
    closeSync(holder);
  }
});

test.each([
  ["no device", "/dev/nosuch", "there is no device"],
  ["a file", image, "is no device"],
  ["a folder", folder, "is no device"],
])("%s is refused", async (_name, device, words) => {
  const { exitCode, stderr } = await flash(image, device, "--yes");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(words)]);
});

test("one that is too small is refused", async () => {
  const { exitCode, stderr } = await flash(image, await attach(smallDiskBytes - MIB), "--yes", "--force");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("too small: it has 2 GiB")]);
});

test.each([
  ["a disk of others", Buffer.alloc(MIB), "is no image of KubeSolo OS"],
  [
    "an ISO of others",
    Buffer.concat([Buffer.alloc(0x8001), Buffer.from("CD001"), Buffer.alloc(100)]),
    "no image of KubeSolo",
  ],
  ["a packed image", Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), "unpack it first"],
  ["a qcow2", Buffer.from("QFI\xfb", "latin1"), "is a qcow2"],
])("%s isn't written", async (_name, content, words) => {
  const other = join(folder, "other.img");
  writeFileSync(other, content);
  const { exitCode, stderr } = await flash(other, await attach(), "--yes", "--force");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(words)]);
});

test("a device that loses a byte is told", async () => {
  const device = await attach();
  const sizes = { imageBytes: smallDiskBytes, deviceBytes: smallDiskBytes + 300 * MIB };
  const copy = await planCopy(image, device, sizes, tools);
  await writeImage(copy, () => {});
  await compareImage(copy, () => {});
  for (const at of [510, 1500 * MIB + 1]) {
    const before = readPart(device, at, 1);
    write(device, at, Buffer.from([(before[0] as number) ^ 1]));
    await expect(compareImage(copy, () => {})).rejects.toThrow("doesn't hold what was written");
    write(device, at, before);
  }
});

test("one that is written by half has no partition table", async () => {
  const device = await attach();
  const sizes = { imageBytes: smallDiskBytes, deviceBytes: smallDiskBytes + 300 * MIB };
  const copy = await planCopy(image, device, sizes, tools);
  const cut = () => {
    throw new Error("the power is cut");
  };
  await expect(writeImage(copy, cut)).rejects.toThrow("the power is cut");
  expect(readPart(device, 0, MIB).equals(Buffer.alloc(MIB))).toBe(true);
  expect(readPart(image, 0, MIB).equals(Buffer.alloc(MIB))).toBe(false);
});
