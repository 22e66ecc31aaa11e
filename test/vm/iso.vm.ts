// The ISO as a CD, with both firmwares: from power-on to the stage that hands over to the engine. There is a disk with a
// data partition besides, so that what the node keeps outlives the CD.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { askQmp } from "../../src/vm/qmp.ts";
import { shownCommand } from "../shown-commands.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

const cdrom = buildPath("image/kubesolo-os.iso");

describe.each([
  ["bios", "as it was built"],
  ["uefi", "with a configuration put into it later"],
] as const)("%s, %s", (firmware, how) => {
  const isConfigured = how !== "as it was built";

  test("boots from the ISO, which is what the root comes from", async () => {
    const medium = isConfigured ? await configuredIso() : cdrom;
    const { machine: booted } = await bootImage(`iso-${firmware}`, { firmware, cdrom: medium });
    await using machine = booted;
    await measure(`${firmware}, ISO, power-on to the last stage`, () =>
      machine.waitForConsole(/^init: 90-kubesolo: /m, bootLimit),
    );
    await machine.until("true", bootLimit);
    expect(await machine.succeed("cat /proc/cmdline")).toContain("kubesolo.root=LABEL=KSOLOISO");
    expect(await machine.succeed("cat /proc/mounts")).toMatch(/^\S+ \/ squashfs ro,/m);
    expect(await machine.succeed(shownCommand("installing", "kubesolo-os-agent install --list"))).toMatch(
      /^ {2}vda .*\n.*can't be taken: it has this system/m,
    );
    expect((await machine.succeed("hostname")).trim()).toMatch(isConfigured ? /^cd-7$/ : /^kubesolo-/);
  });
});

/** A copy of the ISO in the tests' own folder. */
async function configuredIso(): Promise<string> {
  const folder = buildPath("test/configured-iso");
  const [image, config] = [join(folder, "kubesolo-os.iso"), join(folder, "node.yaml")];
  mkdirSync(folder, { recursive: true });
  copyFileSync(cdrom, image);
  writeFileSync(config, "#cloud-config\nhostname: cd-7\n");
  await run([sourcePath("bin/kubesolo-os"), "configure", image, "--config", config]);
  return image;
}

test("with kubesolo.toram, the system runs on without the CD", async () => {
  const kernel = directKernel("kubesolo.root=LABEL=KSOLOISO", "kubesolo.toram");
  const { machine: booted } = await bootImage("iso-toram", { kernel, cdrom, readOnlyDisks: [] });
  await using machine = booted;
  expect(await machine.succeed("cat /sys/block/loop0/loop/backing_file", bootLimit)).toContain(
    "root.squashfs",
  );
  // Refused while somebody uses it.
  await askQmp(machine.directory, "eject", { device: "cdrom" });
  await machine.fail("head -c 1 /dev/sr0");
  await machine.succeed(
    "echo 3 >/proc/sys/vm/drop_caches && cat /usr/bin/kubesolo >/dev/null && ls -R /usr",
    bootLimit,
  );
});
