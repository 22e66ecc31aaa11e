// A machine that starts from the network: with BIOS by the iPXE of its card, with UEFI by one that the firmware fetches from
// the boot server (QEMU's DHCP and TFTP).
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

test.each([
  ["bios", "boot.ipxe"],
  ["uefi", "snponly.efi"],
] as const)("a boot server's files start a system whose root is in memory: %s", async (firmware, file) => {
  const folder = buildPath("test/pxe-files");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run([
    "tar",
    "--extract",
    `--file=${buildPath("image/kubesolo-os-pxe.tar")}`,
    `--directory=${folder}`,
  ]);
  copyFileSync(join(readKit().qemu, "usr/lib/ipxe/snponly.efi"), join(folder, "snponly.efi"));
  const { machine: booted } = await bootImage(`pxe-${firmware}`, {
    firmware,
    networkBoot: { folder, file },
  });
  await using machine = booted;
  await measure(`PXE, ${firmware}, power-on to the last stage`, () =>
    machine.waitForConsole(/^init: 90-kubesolo: /m, bootLimit),
  );
  await machine.until("true", bootLimit);
  expect(await machine.succeed("cat /proc/mounts")).toMatch(/^\S+ \/ squashfs ro,/m);
  expect(await machine.succeed("cat /proc/cmdline")).toContain(
    "initrd=initramfs.img kubesolo.root=initramfs",
  );
  expect(await machine.succeed("cat /sys/block/loop0/loop/backing_file")).toContain("root.squashfs");
});
