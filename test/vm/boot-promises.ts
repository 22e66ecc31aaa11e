// From power-on to the status on the console, and off again.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import type { Machine } from "../../src/vm/machine.ts";
import type { Firmware } from "../../src/vm/machine-options.ts";
import { waitOn } from "../../src/vm/vigil.ts";
import { decodePicture } from "../screen-code.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

/** The tests of a machine with this firmware, from power-on to off. */
export function bootPromises(firmware: Firmware): void {
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

  test("a picture of the screen has a code by which a phone knows where the machine is, and that it is the one", async () => {
    const status = await machine.until("grep -e 'CA  *SHA256' /run/kubesolo-os/status", bootLimit);
    const fingerprint = /SHA256:\S+/.exec(status)?.[0];
    const picture = (name: string) => buildPath(`test/boot-${firmware}/screen.${name}`);
    const read = await waitOn(machine, {
      what: () => "a code on the screen",
      ...bootLimit,
      everyMs: 2000,
      attempt: async () => {
        await machine.screenshot(picture("ppm"), "ppm");
        return attemptDecode(readFileSync(picture("ppm")));
      },
    });
    // For people who want to see it.
    await machine.screenshot(picture("png"), "png");
    expect(read).toBe(`https://10.0.2.15:6443#${fingerprint}`);
    expect(await machine.succeed("cat /dev/vcs1")).toMatch(/KubeSolo OS \S+, slot A .* node {7}\w+/s);
  });

  test("without a configuration the built-in defaults count, and GRUB has said that there is none", async () => {
    expect(await machine.succeed("cat /proc/cmdline")).toContain(" kubesolo.esp=empty ");
    expect(await machine.succeed("kubesolo-os-agent status")).toContain("built-in defaults");
  });

  test("one that is put on the boot partition counts from the next boot on", async () => {
    await machine.succeed(
      `mkdir /run/esp && mount -t vfat "$(blkid -o device -t PARTLABEL=KSOLOEFI)" /run/esp && mkdir /run/esp/kubesolo &&
       printf '#cloud-config\nhostname: from-esp\n' >/run/esp/kubesolo/user-data && umount /run/esp`,
    );
    await machine.reboot(bootLimit);
    expect(await machine.succeed("cat /proc/cmdline", bootLimit)).not.toContain("kubesolo.esp");
    // The engine had only just been started, and was asked to stop.
    const log = readFileSync(buildPath(`test/boot-${firmware}/console.log`), "utf8");
    expect(log).toContain("shutdown: stopping the pods and the engine");
    expect(log).not.toContain("the engine did not stop in time");
    // Its node may have registered before: that name stays.
    await machine.waitForConsole(/^ {2}name {7}from-esp(, in Kubernetes kubesolo-[0-9a-f]{8})?$/m, bootLimit);
  });

  test("the power button shuts it down", async () => {
    expect(await measure("shutdown", () => machine.shutdown({ timeoutMs: 150_000 }))).toBe("clean");
  });
}

function attemptDecode(picture: Uint8Array): string | undefined {
  try {
    return decodePicture(picture);
  } catch {
    return undefined;
  }
}
