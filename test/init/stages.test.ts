import { describe, expect, test } from "vitest";
import { runStage } from "./stage.ts";

/** Stands for util-linux's findfs: knows one device. */
const findfs = (spec: string) => ({
  "usr/sbin/findfs": `#!/bin/sh\n[ "$1" = "${spec}" ] && echo /dev/vda5\n`,
});

describe("10-parse-cmdline", () => {
  test.each([
    [
      "keeps what is ours",
      "ro kubesolo.data=LABEL=X kubesolo.debug root=/dev/sda",
      "kubesolo.data=LABEL=X\nkubesolo.debug\n",
    ],
    [
      "keeps quoted words together",
      'kubesolo.flags="--node-ip 10.0.0.9"',
      "kubesolo.flags=--node-ip 10.0.0.9\n",
    ],
    ["takes an empty line", "", ""],
    ["leaves a slot that isn't one", "kubesolo.slot=C", ""],
  ])("%s", (_name, cmdline, expected) => {
    expect(runStage("10-parse-cmdline", { cmdline }).file("run/kubesolo-os/cmdline")).toBe(expected);
  });

  test("says which word of ours it doesn't know", () => {
    const { messages } = runStage("10-parse-cmdline", { cmdline: "kubesolo.dta=x" });
    expect(messages).toContain("init: 10-parse-cmdline: unknown on the kernel command line: kubesolo.dta=x");
  });
});

describe("20-persistent-mount", () => {
  const binds = ["kubesolo", "containerd", "etc-kubesolo", "log", "usr-local"];

  test("mounts the partition with the label and binds five folders", () => {
    const { calls, exitCode } = runStage("20-persistent-mount", { files: findfs("LABEL=KSOLODATA") });
    expect(exitCode).toBe(0);
    expect(calls[0]).toBe("e2fsck -p /dev/vda5");
    expect(calls[1]).toBe("mount -t ext4 -o noatime /dev/vda5 /data");
    expect(calls.slice(2).map((call) => call.split(" ")[2])).toEqual(
      binds.map((folder) => `/data/${folder}`),
    );
  });

  test("takes the device that the command line names", () => {
    const setup = { cmdline: "kubesolo.data=UUID=12", files: findfs("UUID=12") };
    expect(runStage("20-persistent-mount", setup).calls).toContain(
      "mount -t ext4 -o noatime /dev/vda5 /data",
    );
  });

  test("loads the drivers of what shows up while it waits: of a USB disk, then of the disk itself", () => {
    const { calls, exitCode } = runStage("20-persistent-mount", {
      files: {
        "sys/devices/usb1/modalias": "usb:v1\n",
        "sys/devices/usb1/disk/x": "",
        "usr/sbin/findfs": `#!/bin/sh
          grep -q "modprobe.*usb:v1" "$ROOT/calls" && echo scsi:t-0x00 >"$ROOT/sys/devices/usb1/disk/modalias"
          grep -q "modprobe.*scsi:t-0x00" "$ROOT/calls" && echo /dev/sda5`,
      },
    });
    expect(exitCode).toBe(0);
    const loads = calls.filter((call) => call.startsWith("modprobe"));
    expect(loads).toEqual(["modprobe -a -q usb:v1", "modprobe -a -q scsi:t-0x00 usb:v1"]);
    expect(calls).toContain("mount -t ext4 -o noatime /dev/sda5 /data");
  });

  test("loads nothing again while nothing shows up", () => {
    const files = { "sys/devices/a/modalias": "usb:v1\n" };
    const { calls, exitCode } = runStage("20-persistent-mount", { files });
    expect(exitCode).toBe(1);
    expect(calls.filter((call) => call.startsWith("modprobe"))).toHaveLength(1);
  });

  test("may run twice", () => {
    const mounted = [
      "/data",
      "/var/lib/kubesolo",
      "/var/lib/containerd",
      "/etc/kubesolo",
      "/var/log",
      "/usr/local",
    ];
    const files = { "proc/mounts": mounted.map((path) => `x ${path} x\n`).join("") };
    expect(runStage("20-persistent-mount", { files })).toMatchObject({ exitCode: 0, calls: [] });
  });

  test("uses memory with kubesolo.nopersist, and says so", () => {
    const { calls, messages } = runStage("20-persistent-mount", { cmdline: "kubesolo.nopersist" });
    expect(calls[0]).toBe("mount -t tmpfs -o mode=0755 tmpfs /data");
    expect(messages[0]).toContain("everything is lost at the next reboot");
  });

  test("goes on after fsck could not mend everything, and says so", () => {
    const env = { FSCK_CODE: "4", FSCK_SAYS: "UNEXPECTED INCONSISTENCY" };
    const result = runStage("20-persistent-mount", { env, files: findfs("LABEL=KSOLODATA") });
    expect(result.exitCode).toBe(0);
    expect(result.messages[0]).toContain("fsck of /dev/vda5: UNEXPECTED INCONSISTENCY");
  });

  test.each([
    ["there is no data partition", {}, "no data partition: LABEL=KSOLODATA"],
    ["the device named isn't there", { cmdline: "kubesolo.data=/dev/nope" }, "no data partition: /dev/nope"],
    [
      "it can't be mounted",
      { files: findfs("LABEL=KSOLODATA"), env: { FAILING: "mount" } },
      "cannot mount LABEL=KSOLODATA on /data",
    ],
  ])("ends the boot when %s", (_name, setup, message) => {
    const { calls, messages, exitCode } = runStage("20-persistent-mount", setup);
    expect(messages[0]).toBe(`init: 20-persistent-mount: ${message}`);
    expect(calls.slice(-2)).toEqual(["sleep 10", "reboot -f"]);
    expect(exitCode).toBe(1);
  });
});

describe("30-kernel-modules", () => {
  test("loads the drivers of the devices found, each alias once", () => {
    const files = {
      "sys/devices/a/modalias": "virtio:d1v1\n",
      "sys/devices/b/modalias": "virtio:d1v1\n",
      "sys/devices/c/modalias": "pci:v*d*\n",
    };
    const { calls } = runStage("30-kernel-modules", { files });
    expect(calls[0]).toBe("modprobe -a -q pci:v*d* virtio:d1v1");
  });

  test("loads the driver of memory cards, whose alias no file tells", () => {
    const { calls } = runStage("30-kernel-modules", { files: { "sys/bus/mmc/devices/mmc0:1": "" } });
    expect(calls[0]).toBe("modprobe -a -q mmc:block");
  });

  test("goes on without a module, and says so", () => {
    const { exitCode, messages } = runStage("30-kernel-modules", { env: { FAILING: "modprobe" } });
    expect(exitCode).toBe(0);
    expect(messages.at(-1)).toContain("not every module could be loaded");
  });
});

describe("50-network", () => {
  const wired = { "sys/class/net/eth0/device/x": "", "sys/class/net/lo/address": "" };

  test("starts a DHCP client on a link with a device, not on others", () => {
    const { calls } = runStage("50-network", { files: { ...wired, "run/x": "" } });
    expect(calls.filter((call) => call.startsWith("udhcpc"))).toHaveLength(1);
    expect(calls).toContain("ip link set eth0 up");
  });

  test("goes on when no DHCP client starts", () => {
    const { exitCode, messages } = runStage("50-network", {
      files: { ...wired, "run/x": "" },
      env: { FAILING: "udhcpc" },
    });
    expect(exitCode).toBe(0);
    expect(messages.at(-1)).toContain("no DHCP client for eth0");
  });
});

describe("60-hostname", () => {
  const uuid = {
    "proc/sys/kernel/random/uuid": "0a1b2c3d-0000-4000-8000-00000000000f\n",
    "etc/kubesolo/x": "",
  };
  const id = "0a1b2c3d00004000800000000000000f\n";

  test("makes an id at the first boot and a name from it", () => {
    const { calls, file } = runStage("60-hostname", { files: uuid });
    expect(file("etc/kubesolo/machine-id")).toBe(id);
    expect(file("run/machine-id")).toBe(id);
    expect(calls).toContain("hostname kubesolo-0a1b2c3d");
  });

  test("keeps the id it has", () => {
    const files = { ...uuid, "etc/kubesolo/machine-id": `${"f".repeat(32)}\n` };
    expect(runStage("60-hostname", { files }).calls).toContain("hostname kubesolo-ffffffff");
  });

  test("replaces an id that a power cut left empty", () => {
    const files = { ...uuid, "etc/kubesolo/machine-id": "" };
    expect(runStage("60-hostname", { files }).file("etc/kubesolo/machine-id")).toBe(id);
  });

  test("takes the name it is given", () => {
    const files = { ...uuid, "etc/kubesolo/hostname": "kiosk-7\n" };
    expect(runStage("60-hostname", { files }).file("run/hostname")).toBe("kiosk-7\n");
  });
});

describe("70-clock", () => {
  const files = { "usr/lib/kubesolo-os/epoch": "1000\n" };

  test.each([
    ["sets a clock that is before the release", "5", ["date -u +%F", "date -u -s @1000"]],
    ["leaves a clock that is after it", "2000", []],
  ])("%s", (_name, now, expected) => {
    expect(runStage("70-clock", { files, env: { NOW: now } }).calls).toEqual(expected);
  });
});

describe("90-kubesolo", () => {
  test.each([
    ["no flags", "", "\n"],
    ["flags of the command line", 'kubesolo.flags="--node-ip 10.0.0.9"', "--node-ip 10.0.0.9\n"],
    ["debug besides", 'kubesolo.flags="--disable-ipv6" kubesolo.debug', "--disable-ipv6 --debug\n"],
  ])("hands over %s", (_name, cmdline, expected) => {
    expect(runStage("90-kubesolo", { cmdline }).file("run/kubesolo-os/engine-flags")).toBe(expected);
  });
});
