// From power-on to the status on the console, with both firmwares, and off again.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

describe.each(["bios", "uefi"] as const)("%s", (firmware) => {
  let machine: Machine;

  beforeAll(async () => {
    await measure(`${firmware}, power-on to the status on the console`, async () => {
      ({ machine } = await bootImage(`boot-${firmware}`, { firmware, screen: true }));
      await machine.waitForConsole(/KubeSolo OS \S+, slot A/, bootLimit);
    });
  });

  afterAll(async () => {
    await machine?.crash();
  });

  test("the firmware is the one asked for", async () => {
    expect(await machine.succeed("ls /sys/firmware")).toMatch(firmware === "uefi" ? /^efi$/m : /^(?!.*efi)/s);
  });

  test.each(["/usr", "/bin", "/sbin", "/etc"])("%s cannot be written", async (folder) => {
    expect(await machine.fail(`touch ${folder}/x`)).toContain("Read-only file system");
  });

  test("the root is a read-only squashfs", async () => {
    expect(await machine.succeed("cat /proc/mounts")).toMatch(/^\S+ \/ squashfs ro,/m);
  });

  test("the screen shows the status, too", async () => {
    expect(await machine.succeed("cat /dev/vcs1")).toMatch(/KubeSolo OS \S+, slot A .* node {7}\w+/s);
    const screenshot = buildPath(`test/boot-${firmware}/screen.png`);
    await machine.screenshot(screenshot);
    expect(readFileSync(screenshot).subarray(1, 4).toString()).toBe("PNG");
  });

  test("the power button shuts it down", async () => {
    expect(await measure("shutdown", () => machine.shutdown({ timeoutMs: 150_000 }))).toBe("clean");
  });
});
