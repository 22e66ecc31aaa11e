// A configuration in an image that was built without one: read back by mtools, as the device's kernel would find it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configureImage } from "../../src/image/configure.ts";
import { prepareTools } from "../../src/image/debian/packages.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { runAnyExit } from "../../src/lib/run.ts";
import { bootPartition, makeSmallDisk } from "./small-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "configure-"));
const image = join(folder, "disk.img");
const volume = `${image}@@${bootPartition.offsetBytes}`;
let tools: Tools;

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const userData = (name: string) => ({ "user-data": file("node.yaml", `#cloud-config\nhostname: ${name}\n`) });
const inside = (name: string) => tools.run(["mtype", "-i", volume, `::/kubesolo/${name}`]);

beforeAll(async () => {
  tools = await prepareTools();
  await makeSmallDisk(image, tools);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("a configuration is put into the image, with the files beside it", async () => {
  const metaData = "instance-id: ä\n";
  await configureImage(
    image,
    { ...userData("kiosk-7"), "meta-data": file("meta-data", metaData) },
    false,
    tools,
  );
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
  ["a qcow2", Buffer.from("QFI\xfb", "latin1"), "is a qcow2"],
  ["a compressed image", Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), "is compressed"],
  ["an ISO", Buffer.concat([Buffer.alloc(0x8001), Buffer.from("CD001")]), "is an ISO"],
  ["a disk of others", Buffer.alloc(1024 * 1024), "is no image of KubeSolo OS"],
  ["an empty file", Buffer.alloc(0), "is no image of KubeSolo OS"],
])("%s is refused, and left as it is", async (_name, content, words) => {
  const path = join(folder, "other.img");
  writeFileSync(path, content);
  await expect(configureImage(path, userData("x"), true, tools)).rejects.toThrow(words);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test("where there is no image, or it is a folder, that is said", async () => {
  await expect(configureImage(join(folder, "none"), userData("x"), true, tools)).rejects.toThrow(
    "there is no image",
  );
  await expect(configureImage(folder, userData("x"), true, tools)).rejects.toThrow("is no file");
});
