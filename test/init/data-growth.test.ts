// 20-persistent-mount: what it writes to the boot disk before it mounts the data partition.
import { describe, expect, test } from "vitest";
import { type Disks, data, machine, mountOf, quiet, sectors } from "./disks.ts";
import { runScript } from "./script.ts";

const stage = "stages/20-persistent-mount";
const made = "mke2fs -q -F -t ext4 -m 1 -L KSOLODATA /dev/vda5";

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
    const { calls, messages } = runScript(
      stage,
      machine({ ...fresh, files, diskMib: 3001, dataMib: 1000, blkid }),
    );
    expect(messages).toEqual([]);
    expect(calls.slice(0, 10)).toEqual([
      relocated,
      ...newIds,
      '| /dev/vda5 : start=     2048000, size=     4096000, type=T, name="KSOLODATA"',
      "partx --update --nr 5 /dev/vda",
      "e2fsck -p /dev/vda5",
    ]);
  });

  test("it gets ids of its own though it has no more room", () => {
    const { calls } = runScript(stage, machine({ ...fresh, files, blkid }));
    expect(calls.slice(0, 7)).toEqual([
      ...newIds,
      '| /dev/vda5 : start=     2048000, size=     2048000, type=T, name="KSOLODATA"',
    ]);
    expect(calls.join("\n")).not.toContain("partx");
  });

  test("it keeps its ids while another disk has the same", () => {
    const twins = `${blkid}/dev/vdb3 PARTUUID=from-the-factory\n`;
    expect(runScript(stage, machine({ ...fresh, files, blkid: twins })).calls[0]).toBe("e2fsck -p /dev/vda5");
  });

  test("it keeps its ids while the command line names one", () => {
    const cmdline = `${fresh.cmdline} kubesolo.data=PARTUUID=d1`;
    const ids = "/dev/vda5 PARTUUID=d1 TYPE=ext4\n/dev/vda3 PARTUUID=from-the-factory\n";
    expect(runScript(stage, machine({ cmdline, files, blkid: ids })).calls[0]).toBe("e2fsck -p /dev/vda5");
  });

  test("a table that can't be written is no reason not to boot", () => {
    const { exitCode, messages } = runScript(
      stage,
      machine({ ...fresh, files, blkid, env: { FAILING: "sfdisk" } }),
    );
    expect(exitCode).toBe(0);
    expect(messages[0]).toContain(
      "cannot change the partition table of vda, going on with it as it is: sfdisk: no luck",
    );
  });

  test("later, a larger disk's room is taken and its ids stay", () => {
    const { calls } = runScript(stage, machine({ files, diskMib: 3001 }));
    expect(calls[0]).toBe(relocated);
    expect(calls).toContain("| label-id: FACTORY");
    expect(calls).toContain(
      '| /dev/vda5 : start=     2048000, size=     4096000, type=T, uuid=D, name="KSOLODATA"',
    );
  });

  const torn = {
    dmesg: "GPT:Primary GPT is invalid, using alternate GPT.\n",
    "table-complaint": "The primary GPT table is corrupt, but the backup appears OK, so that will be used.\n",
  };

  test("a table that was torn is written anew as its copy has it, and that is said", () => {
    const { calls, messages } = runScript(stage, machine({ files: { ...files, ...torn } }));
    expect(messages).toEqual([
      "init: 20-persistent-mount: the partition table of vda was torn; writing it anew from its copy",
    ]);
    expect(calls.slice(0, 4)).toEqual([
      `${quiet} /dev/vda`,
      "| label: gpt",
      "| label-id: FACTORY",
      "| device: /dev/vda",
    ]);
    expect(calls.join("\n")).not.toContain("partx");
  });

  test("another disk's torn table is none of its business", () => {
    const { calls } = runScript(stage, machine({ files: { ...files, dmesg: torn.dmesg } }));
    expect(calls[0]).toBe("e2fsck -p /dev/vda5");
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
    const { calls } = runScript(stage, machine(disks));
    expect(calls.filter((call) => call.startsWith("sfdisk"))).toEqual([]);
  });

  test("the file system fills a partition that grew, even in an earlier boot, while it is mounted", () => {
    const { calls } = runScript(stage, machine({ fileSystemMib: 900 }));
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
    const { calls, exitCode } = runScript(stage, machine({ diskMib: 1004, ...disks }));
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
    expect(runScript(stage, machine(disks)).calls.slice(0, 2)).toEqual([rename("KSOLONEW"), made]);
  });

  test("not where the operator says that there is one, whatever the partition is called", () => {
    const blkid = "/dev/vda5 PARTLABEL=KSOLONEW PART_ENTRY_NAME=KSOLONEW UUID=12 TYPE=ext4\n";
    const { calls } = runScript(stage, machine({ cmdline: "kubesolo.data=UUID=12", blkid }));
    expect(calls[0]).toBe("e2fsck -p /dev/vda5");
  });

  test("and the boot ends when the partition can't get its name: the next one would empty it again", () => {
    const { messages } = runScript(stage, machine({ blkid: named("KSOLONEW"), env: { FAILING: "sfdisk" } }));
    expect(messages).toContain(`init: 20-persistent-mount: cannot finish the data partition /dev/vda5`);
  });

  test("in a partition that the operator names, whose name stays", () => {
    const disks = {
      dataMib: 3,
      content: empty,
      cmdline: "kubesolo.data=PARTLABEL=MINE",
      blkid: named("MINE"),
    };
    expect(runScript(stage, machine({ diskMib: 1004, ...disks })).calls[0]).toBe(made);
  });

  test("after a disk without a data partition got one in its free room", () => {
    const { calls, messages } = runScript(
      stage,
      machine({ dataMib: 0, diskMib: 1514, blkid: "/dev/vda PTTYPE=gpt\n", files: { table: "" } }),
    );
    expect(messages[0]).toContain("there is no data partition; making one in the free room of vda");
    expect(calls).toContain(`${quiet} --append /dev/vda`);
    expect(calls).toContain("| start=1050624, size=2048000, type=linux, name=KSOLONEW");
    expect(calls).toContain("partx --add --nr -1 /dev/vda");
  });
});
