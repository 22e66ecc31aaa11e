// A slot whose root has rotted, after boots that never got ready.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { runScript, type ScriptSetup } from "./script.ts";

const sum = (text: string) => createHash("sha256").update(text).digest("hex");
const cmdline = "kubesolo.slot=A kubesolo.version=1.0.0";
const boot = "init: KubeSolo OS 1.0.0, slot A\n";
const ready = "kubesolo: engine: ready in 4.2 s (api 1.0)\n";
const sums = "run/slot/sha256sums";
const files = {
  "run/kubesolo-os/boot-disk": "vda\n",
  "sys/class/block/vda/vda4/uevent": "PARTNAME=KSOLOB\n",
  "dev/vda4": "",
  "proc/sys/vm/drop_caches": "",
  "run/slot/root.squashfs": "root",
  "run/slot/release.json": `{ "files": [{ "name": "root.squashfs", "sha256": "${sum("root")}" }] }`,
  [sums]: "x  vmlinuz\n",
  "run/kubesolo-os/other-slot/vmlinuz": "kernel",
  "run/kubesolo-os/other-slot/sha256sums": `${sum("kernel")}  vmlinuz\n`,
};
const rotten = { "run/slot/root.squashfs": "r00t" };

function check(boots: string, changed: Record<string, string> = {}, words = cmdline) {
  const setup: ScriptSetup = {
    cmdline: words,
    // This boot has its line already.
    files: { ...files, ...changed, "var/log/kubesolo.log": `${boots}${boot}` },
    after: ". $LIB/devices.sh; check_whole_root",
  };
  return runScript("lib/whole-root.sh", setup);
}

describe("the whole root is", () => {
  test.each<[string, string, boolean, string?]>([
    ["not read at the first boot", "", false],
    ["not read after two boots that came to nothing", boot.repeat(2), false],
    ["read after three", `${ready}${boot.repeat(3)}`, true],
    ["not read again after the fourth", boot.repeat(4), false],
    ["read again after six", boot.repeat(6), true],
    ["not read when one of three got ready", `${boot}${boot}${ready}${boot}`, false],
    ["not read for another system's boots", boot.replace("1.0.0", "1.1.0").repeat(3), false],
    ["not read on trial", boot.repeat(3), false, `${cmdline} kubesolo.trial`],
    ["not read where there are no slots", boot.repeat(3), false, "kubesolo.version=1.0.0"],
  ])("%s", (_name, boots, isRead, words) => {
    const { exitCode, messages } = check(boots, {}, words);
    expect({ exitCode, isRead: messages.some((line) => line.includes("reading the whole root")) }).toEqual({
      exitCode: 0,
      isRead,
    });
  });
});

describe("a root that has rotted", () => {
  test("costs the slot its sums, and the boot", () => {
    const { calls, exitCode, file, messages } = check(boot.repeat(3), rotten);
    expect(messages.join("\n")).toContain(
      "init: whole-root: the root of slot A is damaged: slot B is started from now on",
    );
    expect(file(sums)).toBe("");
    expect(calls).toEqual([
      "mount -t ext4 -o ro /dev/vda4 /run/kubesolo-os/other-slot",
      "umount /run/kubesolo-os/other-slot",
      "mount -o remount,rw /run/slot",
      "mount -o remount,ro /run/slot",
      "sleep 10",
      "reboot -f",
    ]);
    expect(exitCode).toBe(1);
  });

  test.each<[string, Record<string, string>]>([
    ["other contents", { "run/kubesolo-os/other-slot/vmlinuz": "rotten" }],
    ["no sums", { "run/kubesolo-os/other-slot/sha256sums": "" }],
    ["no partition", { "sys/class/block/vda/vda4/uevent": "PARTNAME=x\n" }],
  ])("is gone on with when the other slot has %s", (_name, changed) => {
    const { exitCode, file, messages } = check(boot.repeat(3), { ...rotten, ...changed });
    expect(messages.at(-1)).toContain("the root of slot A is damaged, and so is slot B: going on");
    expect({ exitCode, sums: file(sums) }).toEqual({ exitCode: 0, sums: files[sums] });
  });
});
