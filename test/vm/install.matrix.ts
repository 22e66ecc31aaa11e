// From the ISO onto a disk of the machine: by the node's configuration, by a person at the console, and not over what is there.
import { once } from "node:events";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { readPart } from "../../src/lib/files.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { becomeReady } from "../../src/vm/cluster.ts";
import { makeOverlay } from "../../src/vm/overlay.ts";
import { machineFiles } from "../../src/vm/qemu-args.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit, imageTools } from "./machine-under-test.ts";

const folder = buildPath("test/install-files");
const plainIso = buildPath("image/kubesolo-os.iso");
const blank = Buffer.alloc(512);

/** QEMU, docs/interop/qmp-ref, MapEntry: 0 is the file itself, 1 what is below it. */
interface Extent {
  readonly depth: number;
}

/** The ISO with this configuration. */
async function isoWith(name: string, lines: string): Promise<string> {
  const [image, config] = [join(folder, `${name}.iso`), join(folder, `${name}.yaml`)];
  mkdirSync(folder, { recursive: true });
  copyFileSync(plainIso, image);
  writeFileSync(config, `#cloud-config\n${lines}`);
  await run([sourcePath("bin/kubesolo-os"), "configure", image, "--config", config]);
  return image;
}

/** A raw disk of the host, mostly holes. */
async function makeDisk(name: string): Promise<string> {
  const path = join(folder, `${name}.img`);
  mkdirSync(folder, { recursive: true });
  rmSync(path, { force: true });
  await run(["truncate", "--size=6G", path]);
  return path;
}

test("a blank disk gets the system and its configuration; a power cut in the middle leaves nothing that starts", async () => {
  const cdrom = await isoWith("blank", "hostname: shop-7\nkubesolo: {install: {end: poweroff}}\n");
  const path = await makeDisk("blank");
  const cluster = await bootImage("install", {
    ...{ cdrom, disk: { path, format: "raw" }, readOnlyDisks: [] },
  });
  await using machine = cluster.machine;
  await machine.waitForConsole(/install: onto vda/, bootLimit);
  await machine.waitForConsole(/install: writing slot B/, bootLimit);
  await machine.crash();
  expect(readPart(path, 0, 512).equals(blank)).toBe(true);

  await machine.powerOn();
  await machine.waitForConsole(/install: done; poweroff follows/, bootLimit);
  await machine.waitForExit(bootLimit);
  expect(readPart(path, 510, 2).toString("hex")).toBe("55aa");

  const { cdrom: _medium, ...fromDisk } = machine.options;
  await machine.powerOn(fromDisk);
  await becomeReady(cluster, bootLimit);
  expect((await machine.succeed("hostname")).trim()).toBe("shop-7");
  expect(await machine.succeed("cat /proc/cmdline")).toContain("kubesolo.slot=A");
  // Grown from the image's 2.7 GiB.
  expect(Number(await machine.succeed("df -m /data | awk 'END { print $2 }'"))).toBeGreaterThan(4000);
  await machine.crash();

  await machine.powerOn({ ...fromDisk, firmware: "uefi" });
  await machine.until("true", bootLimit);
  await machine.crash();

  // With the medium in it still, it doesn't install once more.
  await machine.powerOn({ ...fromDisk, cdrom });
  await machine.waitForConsole(/vda has this system already: nothing is written/, bootLimit);
});

test("a disk that holds something stays as it is, and the node starts from the medium", async () => {
  const cdrom = await isoWith("data", "kubesolo: {install: {}}\n");
  const path = await makeDisk("data");
  await imageTools().run(["mke2fs", "-q", "-F", "-t", "ext4", "-L", "photos", path]);
  // What the machine writes goes into an overlay: to read all of such a disk takes minutes on a busy host.
  const disk = await makeOverlay(readKit().qemu, path, join(folder, "data.qcow2"));
  const { machine: booted } = await bootImage("install-data", { cdrom, disk, readOnlyDisks: [] });
  await using machine = booted;
  await machine.waitForConsole(/install: vda holds ext4/, bootLimit);
  await machine.waitForConsole(/^init: 90-kubesolo: /m, bootLimit);
  await machine.crash();
  const written = JSON.parse(
    await imageTools().run(["qemu-img", "map", "--output=json", disk.path]),
  ) as Extent[];
  expect(written.filter(({ depth }) => depth === 0)).toEqual([]);
});

test("a person at the console chooses a disk", async () => {
  const path = await makeDisk("attended");
  const { machine: booted } = await bootImage("install-attended", {
    ...{ cdrom: plainIso, disk: { path, format: "raw" }, readOnlyDisks: [] },
    kernel: directKernel("kubesolo.root=LABEL=KSOLOISO", "kubesolo.install"),
  });
  await using machine = booted;
  await machine.waitForConsole(/vda {2}6\.0 GiB .*empty(.|\s)*Name of the disk/, bootLimit);
  const keyboard = connect(join(machine.directory, machineFiles.console));
  await once(keyboard, "connect");
  keyboard.write("vda\n");
  await machine.waitForConsole(/ALL on vda will be lost/, bootLimit);
  keyboard.write("yes\n");
  await machine.waitForConsole(/install: done; reboot follows/, bootLimit);
  keyboard.destroy();
  await machine.crash();
  expect(readPart(path, 510, 2).toString("hex")).toBe("55aa");
});
