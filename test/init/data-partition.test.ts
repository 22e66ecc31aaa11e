// 20-persistent-mount: which partition, and what becomes of it.
import { describe, expect, test } from "vitest";
import { runStage, type StageSetup } from "./stage.ts";

const stage = "20-persistent-mount";
const sectors = (mebibytes: number) => `${mebibytes * 2048}\n`;
const data = "/dev/vda5 LABEL=KSOLODATA PARTLABEL=KSOLODATA PART_ENTRY_NAME=KSOLODATA TYPE=ext4\n";
const made = "mke2fs -q -F -t ext4 -m 1 -L KSOLODATA /dev/vda5";
const quiet = "sfdisk --quiet --no-reread --no-tell-kernel --wipe never --wipe-partitions never";

interface Disks {
  /** Of vda, whose slot is behind its first MiB. */
  readonly diskMib?: number;
  /** Of vda5, which lies behind 1000 MiB; 0 for none. */
  readonly dataMib?: number;
  readonly fileSystemMib?: number;
  readonly blkid?: string;
  /** What vda5 holds, if it is no ext4. */
  readonly content?: Uint8Array;
  readonly files?: StageSetup["files"];
  readonly cmdline?: string;
  readonly env?: StageSetup["env"];
}

/** A machine that was started from vda, with a second disk beside it. */
function machine(disks: Disks = {}): StageSetup {
  const { diskMib = 2001, dataMib = 1000, fileSystemMib = dataMib, blkid = data, cmdline, env = {} } = disks;
  const vda = "sys/devices/vda";
  const vda5 = {
    [`${vda}/vda5/partition`]: "5\n",
    [`${vda}/vda5/start`]: sectors(1000),
    [`${vda}/vda5/size`]: sectors(dataMib),
    "dev/vda5": disks.content ?? superblock(fileSystemMib),
  };
  return {
    cmdline: cmdline ?? "kubesolo.root=PARTUUID=own",
    env,
    files: {
      blkid: `${blkid}/dev/vda3 PARTUUID=own\n`,
      "run/kubesolo-os/boot-disk": "vda\n",
      "usr/lib/kubesolo-os/factory-ids": "from-the-factory\n",
      "usr/sbin/mke2fs": '#!/bin/sh\necho "mke2fs $*" >>"$ROOT/calls"\n',
      [`${vda}/size`]: sectors(diskMib),
      [`${vda}/vda3/partition`]: "3\n",
      [`${vda}/vda3/start`]: sectors(1),
      [`${vda}/vda3/size`]: sectors(512),
      "sys/devices/vdb/vdb5/partition": "5\n",
      "sys/devices/vdb/vdb5/size": sectors(100),
      "dev/vdb5": superblock(100),
      ...(dataMib > 0 && vda5),
      ...disks.files,
    },
    links: {
      "sys/class/block/vda": "../../devices/vda",
      "sys/class/block/vda3": "../../devices/vda/vda3",
      "sys/class/block/vda5": "../../devices/vda/vda5",
      "sys/class/block/vdb5": "../../devices/vdb/vdb5",
    },
  };
}

/** The beginning of an ext4 file system with blocks of 4 KiB. */
function superblock(mebibytes: number): Uint8Array {
  const block = Buffer.alloc(2048);
  block.writeUInt32LE(mebibytes * 256, 1024 + 4);
  block.writeUInt32LE(2, 1024 + 24);
  return block;
}

const mountOf = (device: string) => `mount -t ext4 -o noatime ${device} /data`;

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
    const { calls, exitCode, messages } = runStage(stage, machine(disks));
    expect(messages).toEqual([]);
    expect(exitCode).toBe(0);
    expect(calls.slice(0, 2)).toEqual([`e2fsck -p ${device}`, mountOf(device)]);
    expect(calls.slice(2).map((call) => call.split(" ")[2])).toEqual(
      ["kubesolo", "containerd", "etc-kubesolo", "log", "usr-local"].map((folder) => `/data/${folder}`),
    );
  });

  test("is memory with kubesolo.nopersist, and that is said", () => {
    const { calls, messages } = runStage(stage, machine({ cmdline: "kubesolo.nopersist" }));
    expect(calls[0]).toBe("mount -t tmpfs -o mode=0755 tmpfs /data");
    expect(messages[0]).toContain("everything is lost at the next reboot");
  });

  test("is memory when an ISO finds none, and that is said loudly", () => {
    const { calls, messages } = runStage(
      stage,
      machine({ dataMib: 0, blkid: "", cmdline: "kubesolo.root=LABEL=KSOLOISO" }),
    );
    expect(calls).toContain("mount -t tmpfs -o mode=0755 tmpfs /data");
    expect(messages[0]).toContain("NO DATA PARTITION: started from an ISO");
  });

  test("is left alone when it is mounted: the stage may run twice", () => {
    const bound = [
      "/data",
      "/var/lib/kubesolo",
      "/var/lib/containerd",
      "/etc/kubesolo",
      "/var/log",
      "/usr/local",
    ];
    const mounts = bound.map((path) => `x ${path} x\n`).join("");
    expect(runStage(stage, machine({ files: { "proc/mounts": mounts } }))).toMatchObject({
      exitCode: 0,
      calls: [],
    });
  });
});

describe("at the first boot of a disk", () => {
  const fresh = { cmdline: "kubesolo.root=PARTUUID=from-the-factory" };
  const blkid = `${data}/dev/vda3 PARTUUID=from-the-factory\n`;
  const table = [
    "label: gpt",
    "label-id: FACTORY",
    "device: /dev/vda",
    "first-lba: 34",
    "last-lba: 4098014",
    "",
    '/dev/vda3 : start=        2048, size=     1048576, type=T, uuid=A, name="KSOLOA"',
    '/dev/vda5 : start=     2048000, size=     2048000, type=T, uuid=D, name="KSOLODATA"',
    "",
  ].join("\n");
  const files = { table };
  const relocated = `${quiet} --relocate gpt-bak-std /dev/vda`;
  const newIds = [
    `${quiet} /dev/vda`,
    "| label: gpt",
    "| device: /dev/vda",
    "| first-lba: 34",
    "| ",
    '| /dev/vda3 : start=        2048, size=     1048576, type=T, name="KSOLOA"',
  ];

  test("it gets ids of its own and all of its room", () => {
    const { calls, messages } = runStage(
      stage,
      machine({ ...fresh, files, diskMib: 3001, dataMib: 1000, blkid }),
    );
    expect(messages).toEqual([]);
    expect(calls.slice(0, 10)).toEqual([
      relocated,
      ...newIds,
      '| /dev/vda5 : start=     2048000, size=     4096000, type=T, name="KSOLODATA"',
      "partx --update /dev/vda",
      "e2fsck -p /dev/vda5",
    ]);
  });

  test("it gets ids of its own though it has no more room", () => {
    const { calls } = runStage(stage, machine({ ...fresh, files, blkid }));
    expect(calls.slice(0, 7)).toEqual([
      ...newIds,
      '| /dev/vda5 : start=     2048000, size=     2048000, type=T, name="KSOLODATA"',
    ]);
    expect(calls).not.toContain("partx --update /dev/vda");
  });

  test("it keeps its ids while another disk has the same", () => {
    const twins = `${blkid}/dev/vdb3 PARTUUID=from-the-factory\n`;
    expect(runStage(stage, machine({ ...fresh, files, blkid: twins })).calls[0]).toBe("e2fsck -p /dev/vda5");
  });

  test("it keeps its ids while the command line names one", () => {
    const cmdline = `${fresh.cmdline} kubesolo.data=PARTUUID=d1`;
    const ids = "/dev/vda5 PARTUUID=d1 TYPE=ext4\n/dev/vda3 PARTUUID=from-the-factory\n";
    expect(runStage(stage, machine({ cmdline, files, blkid: ids })).calls[0]).toBe("e2fsck -p /dev/vda5");
  });

  test("a table that can't be written is no reason not to boot", () => {
    const { exitCode, messages } = runStage(
      stage,
      machine({ ...fresh, files, blkid, env: { FAILING: "sfdisk" } }),
    );
    expect(exitCode).toBe(0);
    expect(messages[0]).toContain(
      "cannot change the partition table of vda, going on with it as it is: sfdisk: no luck",
    );
  });

  test("later, a larger disk's room is taken and its ids stay", () => {
    const { calls } = runStage(stage, machine({ files, diskMib: 3001 }));
    expect(calls[0]).toBe(relocated);
    expect(calls).toContain("| label-id: FACTORY");
    expect(calls).toContain(
      '| /dev/vda5 : start=     2048000, size=     4096000, type=T, uuid=D, name="KSOLODATA"',
    );
  });

  test.each<[string, Disks]>([
    ["less than 64 MiB is not worth it", { diskMib: 2064 }],
    [
      "a partition behind it is in the way",
      {
        diskMib: 4000,
        files: {
          table,
          "sys/devices/vda/vda6/partition": "6\n",
          "sys/devices/vda/vda6/start": sectors(2000),
          "sys/devices/vda/vda6/size": sectors(1),
        },
      },
    ],
    [
      "it is not the boot disk's",
      { diskMib: 4000, cmdline: "kubesolo.data=/dev/vdb5", blkid: "/dev/vdb5 TYPE=ext4\n" },
    ],
  ])("nothing is grown: %s", (_name, disks) => {
    const { calls } = runStage(stage, machine(disks));
    expect(calls.filter((call) => call.startsWith("sfdisk"))).toEqual([]);
  });

  test("the file system fills a partition that grew, even in an earlier boot, while it is mounted", () => {
    const { calls } = runStage(stage, machine({ fileSystemMib: 900 }));
    expect(calls.slice(1, 3)).toEqual([mountOf("/dev/vda5"), "resize2fs /dev/vda5"]);
  });
});

describe("a file system is made", () => {
  const empty = Buffer.alloc(3 * 2 ** 20);
  const named = (name: string) => `/dev/vda5 PARTLABEL=${name} PART_ENTRY_NAME=${name}\n`;
  const rename = (name: string) => `${quiet} --part-label /dev/vda 5 ${name}`;

  test.each<[string, Disks]>([
    ["in an empty partition", { dataMib: 3, content: empty, blkid: named("KSOLODATA") }],
    ["again when the power was cut while one was made", { blkid: named("KSOLONEW") }],
    [
      "again when the power was cut before it got its name",
      { blkid: "/dev/vda5 PARTLABEL=KSOLONEW PART_ENTRY_NAME=KSOLONEW TYPE=ext4\n" },
    ],
  ])("%s", (_name, disks) => {
    const { calls, exitCode } = runStage(stage, machine({ diskMib: 1004, ...disks }));
    expect(exitCode).toBe(0);
    expect(calls.filter((call) => call !== rename("KSOLONEW")).slice(0, 4)).toEqual([
      made,
      rename("KSOLODATA"),
      "e2fsck -p /dev/vda5",
      mountOf("/dev/vda5"),
    ]);
  });

  test("under another name until it is whole", () => {
    const disks = { diskMib: 1004, dataMib: 3, content: empty, blkid: named("KSOLODATA") };
    expect(runStage(stage, machine(disks)).calls.slice(0, 2)).toEqual([rename("KSOLONEW"), made]);
  });

  test("not where the operator says that there is one, whatever the partition is called", () => {
    const blkid = "/dev/vda5 PARTLABEL=KSOLONEW PART_ENTRY_NAME=KSOLONEW UUID=12 TYPE=ext4\n";
    const { calls } = runStage(stage, machine({ cmdline: "kubesolo.data=UUID=12", blkid }));
    expect(calls[0]).toBe("e2fsck -p /dev/vda5");
  });

  test("and the boot ends when the partition can't get its name: the next one would empty it again", () => {
    const { messages } = runStage(stage, machine({ blkid: named("KSOLONEW"), env: { FAILING: "sfdisk" } }));
    expect(messages).toContain(`init: ${stage}: cannot finish the data partition /dev/vda5`);
  });

  test("in a partition that the operator names, whose name stays", () => {
    const disks = {
      dataMib: 3,
      content: empty,
      cmdline: "kubesolo.data=PARTLABEL=MINE",
      blkid: named("MINE"),
    };
    expect(runStage(stage, machine({ diskMib: 1004, ...disks })).calls[0]).toBe(made);
  });

  test("after a disk without a data partition got one in its free room", () => {
    const { calls, messages } = runStage(
      stage,
      machine({ dataMib: 0, diskMib: 1514, blkid: "/dev/vda PTTYPE=gpt\n", files: { table: "" } }),
    );
    expect(messages[0]).toContain("there is no data partition; making one in the free room of vda");
    expect(calls).toContain(`${quiet} --append /dev/vda`);
    expect(calls).toContain("| start=1050624, size=2048000, type=linux, name=KSOLONEW");
    expect(calls).toContain("partx --update /dev/vda");
  });
});

describe("the boot ends, and nothing is written, when", () => {
  const whole = (first: string) =>
    Buffer.concat([Buffer.from(first), Buffer.alloc(3 * 2 ** 20 - first.length)]);
  const unknown = "/dev/vda5 PARTLABEL=KSOLODATA PART_ENTRY_NAME=KSOLODATA\n";
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
      { dataMib: 3, content: whole("x"), blkid: unknown },
      `the data partition /dev/vda5 holds something, but no file system: ${hint}`,
    ],
    [
      "it holds what nobody knows, at its end",
      {
        dataMib: 3,
        content: Buffer.concat([Buffer.alloc(3 * 2 ** 20 - 1), Buffer.from("x")]),
        blkid: unknown,
      },
      `the data partition /dev/vda5 holds something, but no file system: ${hint}`,
    ],
    [
      "it can't be read",
      { dataMib: 3, content: Buffer.from(zeros(1000)), blkid: unknown },
      `the data partition /dev/vda5 holds something, but no file system: ${hint}`,
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
    const { calls, messages, exitCode } = runStage(stage, machine({ diskMib: 1004, ...disks }));
    expect(messages[0]).toContain(`init: ${stage}: ${message}`);
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
    const { calls, messages, exitCode } = runStage(stage, machine(disks));
    expect(messages[0]).toContain(message);
    expect(exitCode).toBe(0);
    expect(calls).toContain(mountOf("/dev/vda5"));
  });
});
