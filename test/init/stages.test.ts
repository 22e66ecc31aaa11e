import { describe, expect, test } from "vitest";
import { runScript } from "./script.ts";

describe("30-kernel-modules", () => {
  test("loads the drivers of the devices found, on a bus, of a class or the CPU, each alias once", () => {
    const files = {
      "sys/bus/virtio/devices/a/modalias": "virtio:d1v1\n",
      "sys/bus/virtio/devices/b/modalias": "virtio:d1v1\n",
      "sys/bus/pci/devices/c/modalias": "pci:v*d*\n",
      "sys/bus/pci/devices/gone/x": "",
      "sys/bus/mmc/devices/d/x": "",
      "sys/class/input/e/modalias": "input:b1\n",
      "sys/devices/system/cpu/modalias": "cpu:type:x86\n",
    };
    const { calls, messages } = runScript("stages/30-kernel-modules", { files });
    expect(calls[0]).toBe("modprobe -a -q cpu:type:x86 input:b1 mmc:block pci:v*d* virtio:d1v1");
    expect(messages).toEqual([]);
  });

  test("goes on without a module, and says so", () => {
    const { exitCode, messages } = runScript("stages/30-kernel-modules", { env: { FAILING: "modprobe" } });
    expect(exitCode).toBe(0);
    expect(messages.at(-1)).toContain("not every module could be loaded");
  });
});

describe("40-sysctl", () => {
  const files = {
    "proc/meminfo": "MemTotal:         524288 kB\n",
    "sys/block/zram0/x": "",
    "proc/swaps": "",
  };
  const swap = ["modprobe zram", "mkswap /dev/zram0", "swapon /dev/zram0"];

  test.each([
    ["makes no swap by itself", "", undefined],
    ["makes swap of half of the memory", "kubesolo.zram", "262144K\n"],
    ["makes swap of another share", "kubesolo.zram=100", "524288K\n"],
    ["takes half for a share that makes no sense", "kubesolo.zram=0", "262144K\n"],
    ["takes half for a share that is no number", "kubesolo.zram=all", "262144K\n"],
  ])("%s", (_name, cmdline, size) => {
    const { calls, file, exitCode } = runScript("stages/40-sysctl", { cmdline, files });
    expect(exitCode).toBe(0);
    expect(calls[0]).toBe("sysctl -q -p /etc/sysctl.conf");
    expect(file("sys/block/zram0/disksize")).toBe(size);
    expect(calls.slice(1, 4)).toEqual(size === undefined ? [] : swap);
  });

  test("says which share makes no sense", () => {
    const { messages } = runScript("stages/40-sysctl", { cmdline: "kubesolo.zram=101", files });
    expect(messages[0]).toContain("kubesolo.zram=101 is no percentage from 1 to 100; using 50");
  });

  test("makes it once", () => {
    const again = { ...files, "proc/swaps": "/dev/zram0 partition 262140 0 -2\n" };
    expect(runScript("stages/40-sysctl", { cmdline: "kubesolo.zram", files: again }).calls).toHaveLength(1);
  });

  test.each([
    ["parameters", "sysctl", "some kernel parameters could not be set"],
    ["a module", "zram", "cannot make zram swap"],
    ["swap", "swapon", "cannot make zram swap"],
  ])("goes on without %s, and says so", (_name, failing, message) => {
    const { exitCode, messages } = runScript("stages/40-sysctl", {
      cmdline: "kubesolo.zram",
      files,
      env: { FAILING: failing },
    });
    expect(exitCode).toBe(0);
    expect(messages[0]).toContain(message);
  });
});

describe("60-hostname", () => {
  const uuid = {
    "proc/sys/kernel/random/uuid": "0a1b2c3d-0000-4000-8000-00000000000f\n",
    "etc/kubesolo/x": "",
  };
  const id = "0a1b2c3d00004000800000000000000f\n";

  test("makes an id at the first boot and a name from it", () => {
    const { calls, file, messages } = runScript("stages/60-hostname", { files: uuid });
    expect(messages).toEqual([]);
    expect(file("etc/kubesolo/machine-id")).toBe(id);
    expect(file("run/machine-id")).toBe(id);
    expect(calls).toContain("hostname kubesolo-0a1b2c3d");
  });

  test("keeps the id it has", () => {
    const files = { ...uuid, "etc/kubesolo/machine-id": `${"f".repeat(32)}\n` };
    expect(runScript("stages/60-hostname", { files }).calls).toContain("hostname kubesolo-ffffffff");
  });

  test("replaces an id that a power cut left empty", () => {
    const files = { ...uuid, "etc/kubesolo/machine-id": "" };
    expect(runScript("stages/60-hostname", { files }).file("etc/kubesolo/machine-id")).toBe(id);
  });

  test.each([
    ["a name", "kiosk-7", "kiosk-7"],
    ["a name in capitals", "Kiosk-7", "kiosk-7"],
    ["a single letter", "k", "k"],
    ["the longest name", "a".repeat(63), "a".repeat(63)],
    ["nothing", "", "kubesolo-0a1b2c3d"],
  ])("takes %s", (_name, kept, expected) => {
    const files = { ...uuid, "etc/kubesolo/hostname": `${kept}\n` };
    const { file, messages } = runScript("stages/60-hostname", { files });
    expect(messages).toEqual([]);
    expect(file("run/hostname")).toBe(`${expected}\n`);
  });

  test.each([
    ["a dot", "kiosk.example"],
    ["a hyphen first", "-kiosk"],
    ["a hyphen last", "kiosk-"],
    ["a space", "my kiosk"],
    ["two lines", "kiosk\nseven"],
    ["64 letters", "a".repeat(64)],
  ])("refuses a name with %s, and says so", (_name, kept) => {
    const files = { ...uuid, "etc/kubesolo/hostname": `${kept}\n` };
    const { file, messages } = runScript("stages/60-hostname", { files });
    expect(messages[0]).toContain("not a host name (letters, digits and hyphens, 63 at most)");
    expect(file("run/hostname")).toBe("kubesolo-0a1b2c3d\n");
  });

  test("takes the command line's name when it keeps none of its own", () => {
    const named = { ...uuid, "run/kubesolo-os/hostname": "from-ip\n" };
    expect(runScript("stages/60-hostname", { files: named }).file("run/hostname")).toBe("from-ip\n");
    const kept = { ...named, "etc/kubesolo/hostname": "own\n" };
    expect(runScript("stages/60-hostname", { files: kept }).file("run/hostname")).toBe("own\n");
  });
});

describe("70-clock", () => {
  const files = { "usr/lib/kubesolo-os/epoch": "1000\n" };

  test.each<[string, string, string | undefined, string[]]>([
    ["sets a clock that is before the release", "5", undefined, ["date -u +%F", "date -u -s @1000"]],
    ["sets a clock that is before the last shutdown", "1500", "1700\n", ["date -u +%F", "date -u -s @1700"]],
    ["leaves a clock that is after both", "2000", "1700\n", []],
    ["takes the release's date for an older shutdown", "5", "900\n", ["date -u +%F", "date -u -s @1000"]],
    ["makes nothing of what a power cut left", "2000", "", []],
    ["makes nothing of what is no time", "2000", "9x\n", []],
  ])("%s", (_name, now, kept, expected) => {
    const clock = kept === undefined ? {} : { "data/clock": kept };
    expect(runScript("stages/70-clock", { files: { ...files, ...clock }, env: { NOW: now } }).calls).toEqual(
      expected,
    );
  });

  test.each([
    ["on the data partition", "x /data x\n", "1234\n"],
    ["nowhere without one", "", undefined],
  ])("keeps the time %s", (_name, mounts, expected) => {
    const setup = {
      files: { "proc/mounts": mounts, "data/x": "" },
      env: { NOW: "1234" },
      after: "keep_time",
    };
    expect(runScript("lib/clock.sh", setup).file("data/clock")).toBe(expected);
  });
});

describe("90-kubesolo", () => {
  test.each([
    ["no flags", "", "\n"],
    ["flags of the command line", 'kubesolo.flags="--node-ip 10.0.0.9"', "--node-ip 10.0.0.9\n"],
    ["debug besides", 'kubesolo.flags="--disable-ipv6" kubesolo.debug', "--disable-ipv6 --debug\n"],
  ])("hands over %s", (_name, cmdline, expected) => {
    const { file, messages } = runScript("stages/90-kubesolo", { cmdline, files: memory(1000) });
    expect(file("run/kubesolo-os/engine-flags")).toBe(expected);
    expect(messages).toEqual([]);
  });

  test.each([
    ["says what to expect of little memory", 370, "", "370 MiB of memory: the node becomes Ready, slowly"],
    ["says what would help", 370, "", "kubesolo.zram on the kernel command line makes room"],
    ["says nothing of what helps already", 370, "/dev/zram0 x\n", "with room for a few small pods"],
  ])("%s", (_name, mebibytes, swaps, message) => {
    const { messages } = runScript("stages/90-kubesolo", {
      files: { ...memory(mebibytes), "proc/swaps": swaps },
    });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
    expect(messages[0]?.endsWith("room")).toBe(swaps === "");
  });

  function memory(mebibytes: number) {
    return { "proc/meminfo": `MemTotal: ${mebibytes * 1024} kB\n` };
  }
});
