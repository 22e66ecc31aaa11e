// 20-persistent-mount: which partition it is, and what else the boot says of it.
import { describe, expect, test } from "vitest";
import { type Disks, data, machine, mountOf } from "./disks.ts";
import { runScript } from "./script.ts";

const stage = "stages/20-persistent-mount";

describe("the data partition is", () => {
  const otherFirst = `${data.replaceAll("vda", "vdb")}${data}`;
  test.each<[string, Disks, string]>([
    ["the boot disk's", {}, "/dev/vda5"],
    ["the boot disk's, though another disk's comes first", { blkid: otherFirst }, "/dev/vda5"],
    [
      "the boot disk's by its file system, if the partition has no name",
      { blkid: "/dev/vdb5 LABEL=KSOLODATA TYPE=ext4\n/dev/vda5 LABEL=KSOLODATA TYPE=ext4\n" },
      "/dev/vda5",
    ],
    [
      "another disk's, if the boot disk has none",
      { dataMib: 0, blkid: "/dev/vdb5 LABEL=KSOLODATA TYPE=ext4\n" },
      "/dev/vdb5",
    ],
    [
      "what the command line names, though the boot disk has one",
      { cmdline: "kubesolo.data=UUID=12", blkid: `${data}/dev/vdb5 UUID=12 TYPE=ext4\n` },
      "/dev/vdb5",
    ],
  ])("%s", (_name, disks, device) => {
    const { calls, exitCode, messages } = runScript(stage, machine(disks));
    expect(messages).toEqual([]);
    expect(exitCode).toBe(0);
    expect(calls.slice(0, 2)).toEqual([`e2fsck -p ${device}`, mountOf(device)]);
    expect(calls.slice(2).map((call) => call.split(" ")[2])).toEqual(
      ["var-lib", "kubesolo", "containerd", "etc-kubesolo", "log", "usr-local"].map(
        (folder) => `/data/${folder}`,
      ),
    );
  });

  test("is found without a look at any disk, if the kernel knows it by its name", () => {
    const uevent = { "sys/devices/vda/vda5/uevent": "PARTN=5\nPARTNAME=KSOLODATA\n" };
    const unlabelled = { blkid: "/dev/vda5 TYPE=ext4\n", files: uevent };
    expect(runScript(stage, machine(unlabelled)).calls[0]).toBe("e2fsck -p /dev/vda5");
    const named = { ...unlabelled, cmdline: "kubesolo.data=UUID=12", blkid: "/dev/vdb5 UUID=12 TYPE=ext4\n" };
    expect(runScript(stage, machine(named)).calls[0]).toBe("e2fsck -p /dev/vdb5");
  });

  test("is memory with kubesolo.nopersist, and that is said", () => {
    const { calls, messages } = runScript(stage, machine({ cmdline: "kubesolo.nopersist" }));
    expect(calls[0]).toBe("mount -t tmpfs -o mode=0755 tmpfs /data");
    expect(messages[0]).toContain("everything is lost at the next reboot");
  });

  test("is memory when an ISO finds none, and that is said loudly", () => {
    const { calls, messages } = runScript(
      stage,
      machine({ dataMib: 0, blkid: "", cmdline: "kubesolo.root=LABEL=KSOLOISO" }),
    );
    expect(calls).toContain("mount -t tmpfs -o mode=0755 tmpfs /data");
    expect(messages[0]).toContain("NO DATA PARTITION: started from an ISO");
  });

  test("is left alone when it is mounted: the stage may run twice", () => {
    const bound = [
      "/data",
      "/var/lib",
      "/var/lib/kubesolo",
      "/var/lib/containerd",
      "/etc/kubesolo",
      "/var/log",
      "/usr/local",
    ];
    const mounts = bound.map((path) => `x ${path} x\n`).join("");
    expect(runScript(stage, machine({ files: { "proc/mounts": mounts } }))).toMatchObject({
      exitCode: 0,
      calls: [],
    });
  });
});

describe("the boot ends, and nothing is written, when", () => {
  const whole = (first: string) =>
    Buffer.concat([Buffer.from(first), Buffer.alloc(3 * 2 ** 20 - first.length)]);
  const unknown = "/dev/vda5 PARTLABEL=KSOLODATA PART_ENTRY_NAME=KSOLODATA\n";
  // What e2fsck says of that.
  const env = { FSCK_CODE: "8" };
  const hint = "it stays as it is; empty it or name another one with kubesolo.data=";
  test.each<[string, Disks, string]>([
    [
      "the data partition holds another file system",
      { blkid: "/dev/vda5 PARTLABEL=KSOLODATA TYPE=xfs\n" },
      `the data partition /dev/vda5 holds xfs, not ext4: ${hint}`,
    ],
    [
      "it holds a partition table",
      { blkid: "/dev/vda5 PARTLABEL=KSOLODATA PTTYPE=dos\n" },
      `the data partition /dev/vda5 holds a partition table, not ext4: ${hint}`,
    ],
    [
      "it holds what nobody knows, at its beginning",
      { dataMib: 3, content: whole("x"), blkid: unknown, env },
      `the data partition /dev/vda5 holds something, but no file system: ${hint}`,
    ],
    [
      "it holds what nobody knows, at its end",
      {
        dataMib: 3,
        content: Buffer.concat([Buffer.alloc(3 * 2 ** 20 - 1), Buffer.from("x")]),
        blkid: unknown,
        env,
      },
      `the data partition /dev/vda5 holds something, but no file system: ${hint}`,
    ],
    [
      "it can't be read",
      { dataMib: 3, content: Buffer.from(zeros(1000)), blkid: unknown, env },
      `the data partition /dev/vda5 holds something, but no file system: ${hint}`,
    ],
    [
      "it holds an ext4 whose superblock can't be mended without a question",
      {
        dataMib: 3,
        content: whole("x"),
        blkid: unknown,
        env: { FSCK_CODE: "4", FSCK_SAYS: "KSOLODATA: Resize inode not valid.\n\nRUN fsck MANUALLY." },
      },
      "the data partition /dev/vda5 holds an ext4 that only a person can mend: KSOLODATA: Resize inode not valid. RUN fsck MANUALLY.",
    ],
    [
      "it looks like several kinds at once",
      { blkid: unknown, env: { PROBE_CODE: "8" } },
      `the data partition /dev/vda5 holds several kinds of file systems: ${hint}`,
    ],
    [
      "it can't be mounted",
      { env: { FAILING: "mount" } },
      "cannot mount the data partition /dev/vda5 on /data",
    ],
    [
      "there is none, and no room for one",
      { dataMib: 0, diskMib: 570, blkid: "/dev/vda PTTYPE=gpt\n" },
      "no data partition: LABEL=KSOLODATA; name one with kubesolo.data=, or go on without any with kubesolo.nopersist",
    ],
    [
      "the one named isn't there, even on an ISO",
      { cmdline: "kubesolo.data=/dev/nope kubesolo.root=LABEL=KSOLOISO" },
      "no data partition: /dev/nope; ",
    ],
  ])("%s", (_name, disks, message) => {
    const { calls, messages, exitCode } = runScript(stage, machine({ diskMib: 1004, ...disks }));
    expect(messages[0]).toContain(`init: 20-persistent-mount: ${message}`);
    expect(calls.slice(-2)).toEqual(["sleep 10", "reboot -f"]);
    expect(calls.filter((call) => /^(mke2fs|sfdisk|resize2fs)/.test(call))).toEqual([]);
    expect(exitCode).toBe(1);
  });

  function zeros(count: number): string {
    return "\0".repeat(count);
  }
});

describe("the boot goes on, and says so, when", () => {
  test.each<[string, Disks, string]>([
    [
      "fsck could not mend everything",
      {
        env: {
          FSCK_CODE: "4",
          FSCK_SAYS:
            "KSOLODATA: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n\t(i.e., without -a or -p options)",
        },
      },
      "fsck of /dev/vda5: KSOLODATA: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.",
    ],
    ["fsck mended something", { env: { FSCK_CODE: "1" } }, "the file system on /dev/vda5 was mended"],
    [
      "the superblock was damaged, and has a copy",
      {
        dataMib: 3,
        diskMib: 1004,
        content: Buffer.concat([Buffer.from("x"), Buffer.alloc(3 * 2 ** 20 - 1)]),
        blkid: "/dev/vda5 PARTLABEL=KSOLODATA PART_ENTRY_NAME=KSOLODATA\n",
        env: { FSCK_CODE: "1" },
      },
      "the superblock of /dev/vda5 was damaged: mended from its copy",
    ],
    [
      "the data partition is full",
      { env: { STATFS: "4000 4096" } },
      "the data partition /dev/vda5 is full: the engine may not start",
    ],
    [
      "the file system can't be grown",
      { fileSystemMib: 100, env: { FAILING: "resize2fs" } },
      "cannot grow the file system on /dev/vda5",
    ],
  ])("%s", (_name, disks, message) => {
    const { calls, messages, exitCode } = runScript(stage, machine(disks));
    expect(messages[0]).toContain(message);
    expect(exitCode).toBe(0);
    expect(calls).toContain(mountOf("/dev/vda5"));
  });
});
