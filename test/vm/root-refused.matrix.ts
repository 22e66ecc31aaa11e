// On a machine, what test/init/slot.test.ts shows of the initramfs alone: a root that it doesn't start.
import { mkdirSync } from "node:fs";
import { test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { directKernel, withoutModule, withWrongRootHash } from "./direct-kernel.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

test("a root hash that isn't the root's ends the boot, which is tried again", async () => {
  const kernel = withWrongRootHash(directKernel());
  const { machine: booted } = await bootImage("wrong-root-hash", { kernel, readOnlyDisks: [] });
  await using machine = booted;
  await machine.waitForConsole(
    /init: initramfs: wrong root hash: root\.squashfs has [0-9a-f]{64}, this release 0{64}/,
    bootLimit,
  );
  await machine.waitForConsole(/rebooting in 10 s.*wrong root hash/s, bootLimit);
});

test("a driver that the root needs and that isn't there is named", async () => {
  const folder = buildPath("test/missing-driver-inputs");
  mkdirSync(folder, { recursive: true });
  const kernel = withoutModule(directKernel(), "kernel/fs/squashfs/squashfs.ko", folder);
  const { machine: booted } = await bootImage("missing-driver", { kernel, readOnlyDisks: [] });
  await using machine = booted;
  await machine.waitForConsole(/init: initramfs: missing module: squashfs/, bootLimit);
});
