// What a boot server hands over, without the server: QEMU loads the same three files.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

test("the files of the PXE archive start a system whose root is in memory", async () => {
  const folder = buildPath("test/pxe-files");
  mkdirSync(folder, { recursive: true });
  await run([
    "tar",
    "--extract",
    `--file=${buildPath("image/kubesolo-os-pxe.tar")}`,
    `--directory=${folder}`,
  ]);
  const kernel = {
    path: join(folder, "vmlinuz"),
    initramfs: join(folder, "initramfs.img"),
    commandLine: readFileSync(join(folder, "cmdline"), "utf8").trim(),
  };
  const { machine: booted } = await bootImage("pxe", { kernel });
  await using machine = booted;
  await measure("PXE, power-on to the last stage", () =>
    machine.waitForConsole(/^init: 90-kubesolo: /m, bootLimit),
  );
  await machine.until("true", bootLimit);
  expect(await machine.succeed("cat /proc/mounts")).toMatch(/^\S+ \/ squashfs ro,/m);
  expect(await machine.succeed("cat /sys/block/loop0/loop/backing_file")).toContain("root.squashfs");
});
