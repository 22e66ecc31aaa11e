import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { runScript, type ScriptSetup } from "./script.ts";

// A root of two blocks, veritysetup's block, and a tree of one.
const tree = "t".repeat(4096);
const squashfs = `${"d".repeat(8192)}${"s".repeat(4096)}${tree}`;
const rootHash = createHash("sha256").update(Buffer.from("00ff", "hex")).update(tree).digest("hex");
const verity = `kubesolo.verity=2:${rootHash}:00ff`;

const machine: ScriptSetup = {
  cmdline: `kubesolo.root=PARTUUID=a1 ${verity}`,
  files: {
    blkid: "/dev/vda3 PARTUUID=a1\n/dev/vdb3 PARTUUID=b1\n/dev/sr0 LABEL=KSOLOISO\n",
    "sys/devices/vda/vda3/partition": "3",
    "sys/devices/vdb/vdb3/partition": "3",
    "sys/devices/sr0/size": "1",
    "run/slot/root.squashfs": squashfs,
    "proc/meminfo": "MemTotal: 1000000 kB\nMemAvailable: 900000 kB\n",
  },
  links: {
    "sys/class/block/vda3": "../../devices/vda/vda3",
    "sys/class/block/vdb3": "../../devices/vdb/vdb3",
    "sys/class/block/sr0": "../../devices/sr0",
  },
};
const withFiles = (files: Record<string, string>): ScriptSetup => ({
  ...machine,
  files: { ...machine.files, ...files },
});
const mountSlot = (setup: ScriptSetup) => runScript("lib/slot.sh", { ...setup, after: "mount_slot" });

describe("the slot", () => {
  test("is mounted, and its root through dm-verity", () => {
    const { calls, exitCode, file, messages } = mountSlot(machine);
    expect(messages).toEqual([]);
    expect(exitCode).toBe(0);
    expect(calls.filter((call) => !call.startsWith("modprobe"))).toEqual([
      "mount -t ext4 -o ro /dev/vda3 /run/slot",
      "losetup -r /dev/loop0 /run/slot/root.squashfs",
      `dmsetup create --readonly --noudevsync root --table 0 16 verity 1 /dev/loop0 /dev/loop0 4096 4096 2 3 sha256 ${rootHash} 00ff 1 restart_on_corruption`,
      "mount -t squashfs -o ro /dev/dm-0 /newroot",
    ]);
    expect(file("run/kubesolo-os/boot-disk")).toBe("vda\n");
  });

  test("of an ISO is the whole medium", () => {
    const { calls, file } = mountSlot({
      ...machine,
      cmdline: `kubesolo.root=LABEL=KSOLOISO ${verity}`,
    });
    expect(calls).toContain("mount -t iso9660 -o ro /dev/sr0 /run/slot");
    expect(calls).toContain("modprobe -a isofs");
    expect(file("run/kubesolo-os/boot-disk")).toBe("sr0\n");
  });

  test("is not asked for when the root came with the initramfs", () => {
    const { calls, exitCode, messages } = mountSlot({
      ...withFiles({ "root.squashfs": squashfs }),
      cmdline: `kubesolo.root=initramfs ${verity}`,
    });
    expect(messages).toEqual([]);
    expect(exitCode).toBe(0);
    expect(calls).toContain("losetup -r /dev/loop0 /root.squashfs");
    expect(calls.at(-1)).toBe("mount -t squashfs -o ro /dev/dm-0 /newroot");
    expect(calls.filter((call) => call.startsWith("mount"))).toHaveLength(1);
  });

  test("is the first one's of several copies of an image, and that is said", () => {
    const copies = withFiles({ blkid: "/dev/vdb3 PARTUUID=a1\n/dev/vda3 PARTUUID=a1\n" });
    const { calls, messages } = mountSlot(copies);
    expect(messages[0]).toContain(
      "several disks have PARTUUID=a1, copies of one image: using vda of vda vdb",
    );
    expect(calls).toContain("mount -t ext4 -o ro /dev/vda3 /run/slot");
  });

  test("that never shows up makes us load nothing again", () => {
    const late = { ...machine, cmdline: `kubesolo.root=PARTUUID=late ${verity}` };
    const { calls } = mountSlot(late);
    expect(calls.filter((call) => call.startsWith("modprobe -a -q")).length).toBeLessThan(2);
  });

  test("on a USB disk appears once the drivers of what has shown up are loaded: of the host, then of the disk", () => {
    const { calls, output } = runScript("lib/devices.sh", {
      files: { "sys/bus/usb/devices/1/modalias": "usb:v1\n", "sys/bus/scsi/devices/0/x": "" },
      after: `
        devices_with() {
          grep -q "modprobe.*usb:v1" "$ROOT/calls" && echo scsi:t-0x00 >"$ROOT/sys/bus/scsi/devices/0/modalias"
          grep -q "modprobe.*scsi:t-0x00" "$ROOT/calls"
        }
        wait_for 30 appears PARTUUID=1 && echo there`,
    });
    expect(output).toBe("there\n");
    const loads = calls.filter((call) => call.startsWith("modprobe"));
    expect(loads).toEqual(["modprobe -a -q usb:v1", "modprobe -a -q scsi:t-0x00 usb:v1"]);
  });
});

describe("kubesolo.toram", () => {
  const toram = { ...machine, cmdline: `${machine.cmdline} kubesolo.toram` };

  test("copies the root and lets go of the medium", () => {
    const { calls, messages } = mountSlot(withMemory(400_000));
    expect(messages).toEqual([]);
    expect(calls).toContain("mount -t tmpfs -o size=1040k,mode=0700 tmpfs /run/toram");
    expect(calls).toContain("umount /run/slot");
    expect(calls).toContain("losetup -r /dev/loop0 /run/toram/root.squashfs");
  });

  test("stays with the medium when the memory would not do for the engine", () => {
    const { calls, messages } = mountSlot(withMemory(308_000));
    expect(messages[0]).toContain("the root takes 1 MiB of the 300 MiB free, and the engine needs 300");
    expect(calls).toContain("losetup -r /dev/loop0 /run/slot/root.squashfs");
    expect(calls).not.toContain("umount /run/slot");
  });

  test("goes on when the medium can't be let go of", () => {
    const { messages, exitCode } = mountSlot({
      ...withMemory(400_000),
      env: { FAILING: "umount" },
    });
    expect(messages[0]).toContain("the medium stays in use");
    expect(exitCode).toBe(0);
  });

  function withMemory(availableKib: number): ScriptSetup {
    return { ...toram, files: { ...machine.files, "proc/meminfo": `MemAvailable: ${availableKib} kB\n` } };
  }
});

describe("the boot ends when", () => {
  test.each<[string, ScriptSetup, string]>([
    [
      "no disk has the slot",
      { ...machine, cmdline: "kubesolo.root=PARTUUID=c1" },
      "no slot: no disk has PARTUUID=c1; disks found: none",
    ],
    [
      "no disk has the slot, though there are some",
      {
        ...machine,
        cmdline: "kubesolo.root=PARTUUID=c1",
        files: {
          ...machine.files,
          "sys/class/block/sda/device/x": "",
          "sys/class/block/sda1/partition": "1",
          "sys/class/block/vdb/device/x": "",
          "sys/class/block/loop0/x": "",
        },
      },
      "no slot: no disk has PARTUUID=c1; disks found: sda vdb",
    ],
    [
      "the slot can't be mounted",
      { ...machine, env: { FAILING: "mount" } },
      "cannot mount slot PARTUUID=a1 on /dev/vda3 as ext4",
    ],
    [
      "the slot is empty",
      { ...machine, files: { blkid: "/dev/vda3 PARTUUID=a1\n", "sys/devices/vda/vda3/partition": "3" } },
      "slot PARTUUID=a1 on /dev/vda3 has no root.squashfs",
    ],
    [
      "the initramfs should have the root, and hasn't",
      { ...machine, cmdline: `kubesolo.root=initramfs ${verity}` },
      "no root.squashfs in the initramfs",
    ],
    [
      "no root hash is given",
      { ...machine, cmdline: "kubesolo.root=PARTUUID=a1" },
      'no root hash: kubesolo.verity= must be BLOCKS:ROOTHASH:SALT, not ""',
    ],
    [
      "the root hash is no hash",
      { ...machine, cmdline: "kubesolo.root=PARTUUID=a1 kubesolo.verity=2:beef:00" },
      'no root hash: kubesolo.verity= must be BLOCKS:ROOTHASH:SALT, not "2:beef:00"',
    ],
    [
      "the root is another release's",
      withFiles({ "run/slot/root.squashfs": squashfs.replaceAll("t", "u") }),
      "wrong root hash: root.squashfs has ",
    ],
    [
      "the root is cut off",
      withFiles({ "run/slot/root.squashfs": "d" }),
      "wrong root hash: root.squashfs has ",
    ],
    [
      "a module is missing",
      { ...machine, env: { FAILING: "dm_verity squashfs" } },
      "missing module: dm_verity squashfs",
    ],
    ["dm-verity can't be set up", { ...machine, env: { FAILING: "dmsetup" } }, "cannot set up dm-verity"],
    ["there is no loop device", { ...machine, env: { FAILING: "losetup" } }, "cannot attach root.squashfs"],
  ])("%s", (_name, setup, message) => {
    const { calls, messages, exitCode } = mountSlot(setup);
    expect(messages[0]).toContain(`init: slot: ${message}`);
    expect(calls.slice(-2)).toEqual(["sleep 10", "reboot -f"]);
    expect(exitCode).toBe(1);
  });
});
