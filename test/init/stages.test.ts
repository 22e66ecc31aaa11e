import { describe, expect, test } from "vitest";
import { runStage } from "./stage.ts";

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

  test("goes on without a module, and says so", () => {
    const { exitCode, messages } = runStage("30-kernel-modules", { env: { FAILING: "modprobe" } });
    expect(exitCode).toBe(0);
    expect(messages.at(-1)).toContain("not every module could be loaded");
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
