// A configuration in an image that was built without one: read back by mtools, as the device's kernel would find it.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configureImage } from "../../src/image/configure.ts";
import { prepareTools } from "../../src/image/debian/packages.ts";
import { writeAs, writeRaw } from "../../src/image/disk-formats.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { bootPartition, makeSmallDisk } from "./small-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "configure-"));
const image = join(folder, "kubesolo-os.img");
const volume = `${image}@@${bootPartition.offsetBytes}`;
let tools: Tools;

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const userData = (name: string) => ({ "user-data": file("node.yaml", `#cloud-config\nhostname: ${name}\n`) });
/** As docs shows it, with a file beside the configuration. */
const asShown = (command: string) => run(inShell([`${command} --config meta-data`]), { cwd: folder });
const inside = (name: string) => tools.run(["mtype", "-i", volume, `::/kubesolo/${name}`]);

beforeAll(async () => {
  tools = await prepareTools();
  symlinkSync(sourcePath("bin"), join(folder, "bin"));
  await makeSmallDisk(image, tools);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("a configuration is put into the image, with the files beside it", async () => {
  const metaData = "instance-id: ä\n";
  file("meta-data", metaData);
  userData("kiosk-7");
  await asShown(shownCommand("access", "bin/kubesolo-os configure"));
  expect(await inside("user-data")).toBe("#cloud-config\nhostname: kiosk-7\n");
  expect(await inside("meta-data")).toBe(metaData);
});

test("one that is there is replaced only when that is asked for", async () => {
  await expect(configureImage(image, userData("kiosk-8"), false, tools)).rejects.toThrow(
    "has a configuration already: user-data",
  );
  expect(await inside("user-data")).toContain("kiosk-7");
  await configureImage(image, userData("kiosk-8"), true, tools);
  expect(await inside("user-data")).toContain("kiosk-8");
});

test("one that can't be used is refused with the device's words, and the image stays as it is", async () => {
  const before = await inside("user-data");
  const bad = file("bad.yaml", "#cloud-config\nhostname: -a\n");
  const { exitCode, stderr } = await runAnyExit([
    ...[sourcePath("bin/kubesolo-os"), "configure", image],
    ...["--force", "--config", bad],
  ]);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/bad\.yaml:2:11: error: hostname/)]);
  expect(await inside("user-data")).toBe(before);
});

test.each([
  ["a compressed image", Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), "is compressed"],
  ["a torn qcow2", Buffer.from("QFI\xfb", "latin1"), "qcow2"],
  ["a torn VMDK", Buffer.from("KDMV"), "vmdk"],
  [
    "an ISO of others",
    Buffer.concat([Buffer.alloc(0x8001), Buffer.from("CD001")]),
    "is no ISO of KubeSolo OS",
  ],
  ["a disk of others", Buffer.alloc(1024 * 1024), "is no image of KubeSolo OS"],
  ["an empty file", Buffer.alloc(0), "is no image of KubeSolo OS"],
])("%s is refused, and left as it is", async (_name, content, words) => {
  const path = join(folder, "other.img");
  writeFileSync(path, content);
  await expect(configureImage(path, userData("x"), true, tools)).rejects.toThrow(words);
  expect(readFileSync(path).equals(content)).toBe(true);
});

describe.each(["qcow2", "vmdk", "vhd"] as const)("a %s", (format) => {
  const plain = join(folder, "plain.img");
  const path = join(folder, `disk.${format}`);
  const name = { qcow2: "qcow2", vmdk: "vmdk", vhd: "vpc" }[format];
  const compare = (...args: string[]) => tools.run(["qemu-img", "compare", ...args]);

  beforeAll(async () => {
    await makeSmallDisk(plain, tools);
    await writeAs(format, plain, path, tools, "id");
  });

  test("holds the disk, and is the same bytes again, in another folder", async () => {
    expect(await compare("-f", "raw", "-F", name, plain, path)).toContain("Images are identical");
    mkdirSync(join(folder, "other"), { recursive: true });
    const again = join(folder, "other", `disk.${format}`);
    await writeAs(format, plain, again, tools, "id");
    await run(["cmp", path, again]);
  });

  test("is configured as a raw disk is", async () => {
    await configureImage(path, userData("kiosk-7"), false, tools);
    await expect(configureImage(path, userData("kiosk-8"), false, tools)).rejects.toThrow(
      `"${path}" has a configuration already`,
    );
    await configureImage(path, userData("kiosk-9"), true, tools);
    const raw = join(folder, "back.img");
    await writeRaw(format, path, raw, tools);
    const found = await tools.run([
      "mtype",
      "-i",
      `${raw}@@${bootPartition.offsetBytes}`,
      "::/kubesolo/user-data",
    ]);
    expect(found).toBe("#cloud-config\nhostname: kiosk-9\n");
    expect(readdirSync(folder).filter((each) => each.startsWith("."))).toEqual([]);
  });
});

test("what differs from another image, or has snapshots, isn't written anew", async () => {
  const base = join(folder, "base.qcow2");
  const layer = join(folder, "layer.qcow2");
  await writeAs("qcow2", image, base, tools, "id");
  await tools.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base, layer]);
  await expect(configureImage(layer, userData("x"), true, tools)).rejects.toThrow("only what differs");
  await tools.run(["qemu-img", "snapshot", "-c", "before", base]);
  await expect(configureImage(base, userData("x"), true, tools)).rejects.toThrow("has snapshots");
});

test("an ISO gets the files on itself, and keeps what it has", async () => {
  const iso = join(folder, "kubesolo-os.iso");
  const content = file("vmlinuz", "a kernel");
  await tools.run(["xorriso", "-no_rc", "-outdev", iso, "-volid", "KSOLOISO", "-map", content, "/vmlinuz"]);
  const read = async (path: string) => {
    const copy = join(folder, "extracted");
    rmSync(copy, { force: true });
    await tools.run(["xorriso", "-no_rc", "-osirrox", "on", "-indev", iso, "-extract", path, copy]);
    return readFileSync(copy, "utf8");
  };
  userData("kiosk-7");
  await asShown(shownCommand("installing", "bin/kubesolo-os configure"));
  await expect(configureImage(iso, userData("kiosk-8"), false, tools)).rejects.toThrow("already: user-data");
  await configureImage(iso, userData("kiosk-8"), true, tools);
  expect(await read("/kubesolo/user-data")).toBe("#cloud-config\nhostname: kiosk-8\n");
  expect(await read("/kubesolo/meta-data")).toBe("instance-id: ä\n");
  expect(await read("/vmlinuz")).toBe("a kernel");
});

test("where there is no image, or it is a folder, that is said", async () => {
  await expect(configureImage(join(folder, "none"), userData("x"), true, tools)).rejects.toThrow(
    "there is no image",
  );
  await expect(configureImage(folder, userData("x"), true, tools)).rejects.toThrow("is no file");
});
