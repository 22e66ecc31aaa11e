// The hardware profile on what stands for ordinary boxes: the disk and the network card are no virtio devices. From an SD card:
// hardware-sd.matrix.ts.
import { beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { becomeReady } from "../../src/vm/cluster.ts";
import type { Machine } from "../../src/vm/machine.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";
import { partOf } from "./support.ts";
import { makeSupportStick, plugIn, pullOut, waitForBundle } from "./support-stick.ts";

const box = { networkCard: "e1000e", readOnlyDisks: [] } satisfies Partial<MachineOptions>;

beforeAll(async () => {
  await run([sourcePath("bin/kubesolo-os"), "build", "--profile", "hardware"]);
}, 1_200_000);

// To Ready with a USB disk: make test-boots PROFILE=hardware DISK=usb.
test("a box boots from a USB disk with a USB network card, and its keyboard works", async () => {
  const { machine: booted } = await bootImage(
    "hardware-usb",
    { ...box, diskBus: "usb", networkCard: "usb" },
    { profile: "hardware" },
  );
  await using machine = booted;
  await machine.waitForConsole(/^ {2}addresses {2}\w+ 10\.0\.2\.15/m, bootLimit);
  expect(await dataDisk(machine)).toMatch(/^\/dev\/sd/);
  expect(await networkDriver(machine)).toBe("cdc_ether");
  await machine.until("dmesg | grep '] input: QEMU QEMU USB Keyboard'", bootLimit);
  // An FTDI chip's, as far as the driver can tell.
  const line = "/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_*-if00-port0";
  expect(await machine.until(`readlink -f ${line}`, bootLimit)).toBe("/dev/ttyUSB0\n");
  expect(await machine.succeed("readlink /sys/class/tty/ttyUSB0/device/driver")).toMatch(/\/ftdi_sio$/m);
  expect(await machine.succeed("ls /dev/disk/by-id")).toMatch(/^usb-QEMU_QEMU_HARDDISK_system-0:0-part5$/m);

  // Its node isn't Ready yet, and nobody asks it over the network.
  const stick = await makeSupportStick("hardware-usb", "vfat");
  await plugIn(machine, stick);
  const name = await measure("support bundle onto a stick", () =>
    waitForBundle(machine, bootLimit.timeoutMs),
  );
  await machine.until(`grep "support    ${name}" /run/kubesolo-os/status`, bootLimit);
  expect(await machine.succeed("cat /proc/mounts")).not.toContain("support-volume");
  await pullOut(machine);
  await machine.until("test ! -e /run/kubesolo-os/support-status", bootLimit);
  expect(await partOf(await stick.take(name), "kernel.log")).toMatch(/usb-storage/);
});

test("a box gets Ready from an NVMe disk, with UEFI", async () => {
  const cluster = await bootImage(
    "hardware-nvme",
    { ...box, diskBus: "nvme", firmware: "uefi" },
    { profile: "hardware" },
  );
  await using machine = cluster.machine;
  await measure("hardware profile on NVMe, power-on to Ready", () => becomeReady(cluster, bootLimit));
  expect(await dataDisk(machine)).toMatch(/^\/dev\/nvme/);
  expect(await networkDriver(machine)).toBe("e1000e");
  expect(await machine.succeed("readlink -f /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_system-part5")).toBe(
    "/dev/nvme0n1p5\n",
  );
});

function dataDisk(machine: Machine): Promise<string> {
  return machine.succeed("grep ' /data ' /proc/mounts");
}

async function networkDriver(machine: Machine): Promise<string> {
  return (await machine.succeed("basename $(readlink /sys/class/net/*/device/driver)")).trim();
}
