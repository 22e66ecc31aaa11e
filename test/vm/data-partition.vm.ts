// One disk through its first days: written from an image to something larger, beside a copy of itself, damaged.
import { afterAll, beforeAll, expect, test } from "vitest";
import { partitionNames } from "../../src/release/partitions.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { writeBytes } from "./damage.ts";
import { bootImage, bootLimit, builtDisk, imageTools, measure } from "./machine-under-test.ts";

const diskGib = 6;
/** What lies before the data partition, and behind it. */
const otherMib = 1 + 1 + 256 + 512 + 512;

let machine: Machine;

beforeAll(async () => {
  const grow = (overlay: string) => imageTools().run(["qemu-img", "resize", "-q", overlay, `${diskGib}G`]);
  ({ machine } = await bootImage("data-partition", {}, { prepare: grow }));
  await measure("first boot of a larger disk, power-on to channel", () => machine.succeed("true", bootLimit));
});

afterAll(async () => {
  await machine?.crash();
});

test("the data partition takes the disk's whole room, and the file system all of it", async () => {
  const sizeMib = Number(await machine.succeed("cat /sys/class/block/vda5/size")) / 2048;
  expect(sizeMib).toBe(diskGib * 1024 - otherMib - 1);
  const [, totalKib = ""] = (await machine.succeed("df -k /data | tail -n 1")).split(/ +/);
  expect(Number(totalKib) / 1024).toBeGreaterThan(sizeMib * 0.95);
});

test("the kernel knows each partition by its name, as it did before one grew", async () => {
  const names = await machine.succeed("sed -n 's/^PARTNAME=//p' /sys/class/block/vda[1-5]/uevent");
  expect(names.trim().split("\n")).toEqual(partitionNames);
  expect(await machine.succeed("kubesolo-os-agent status", bootLimit)).toContain("slot A");
});

test("the disk has ids that its image hasn't", async () => {
  await machine.fail(`grep -x ${await slotId(machine)} /usr/lib/kubesolo-os/factory-ids`);
});

test("beside a copy of the image, it boots from its own slot with its own data, without a question", async () => {
  await machine.succeed("echo mine >/data/whose && sync");
  const id = await slotId(machine);
  const options = machine.options;
  await machine.crash();
  await tearTable(machine);
  await machine.powerOn({ ...options, readOnlyDisks: [{ path: builtDisk(), serial: "copy" }] });
  expect(await machine.succeed("cat /data/whose", bootLimit)).toBe("mine\n");
  expect(await machine.succeed("cat /proc/cmdline")).toContain(`kubesolo.root=PARTUUID=${id} `);
  expect(await machine.succeed("cat /run/kubesolo-os/boot-disk /sys/block/vda/serial")).toBe("vda\nsystem");
  expect(machine.console.read()).not.toContain("several disks");
});

test("a partition table that a power cut tore is taken from its copy, and whole afterwards", async () => {
  expect(machine.console.read()).toContain(
    "the partition table of vda was torn; writing it anew from its copy",
  );
  expect(await machine.succeed("sfdisk --verify /dev/vda 2>&1")).not.toContain("corrupt");
});

test("of two copies of an image at their first boot the first is used, which is told, and both keep their ids", async () => {
  const { machine: twin } = await bootImage("twins", {
    readOnlyDisks: [{ path: builtDisk(), serial: "copy" }],
  });
  await using _ = twin;
  await twin.succeed("grep /dev/vda5 /proc/mounts", bootLimit);
  expect(twin.console.read()).toMatch(/several disks have \S+, copies of one image: using vda of vda vdb/);
  // Which of them GRUB would find next time isn't for certain: the data may be on either, so neither gets other ids.
  await twin.succeed(`grep -ix ${await slotId(twin)} /usr/lib/kubesolo-os/factory-ids`);
});

test("what is no file system is never overwritten, and the console says so", async () => {
  const { path, format } = machine.options.disk;
  await machine.crash();
  // While nothing has it mounted: a running kernel would write its superblock again. So much that its copy, which it would
  // be mended from, is gone too.
  await imageTools().run(["qemu-io", "-f", format, "-c", `write -q -P 0xa5 ${otherMib}M 200M`, path]);
  await machine.powerOn();
  await machine.waitForConsole(
    /the data partition \/dev\/vda5 holds something, but no file system/,
    bootLimit,
  );
  await machine.waitForConsole(/rebooting in 10 s/, bootLimit);
});

/** As a power cut does between two sectors: a partition's entry is new, and the header with the sum of all is not. */
async function tearTable({ options }: Machine): Promise<void> {
  const sectorBytes = 512;
  const lastEntries = 33 * sectorBytes;
  await writeBytes(options.disk, lastEntries, Buffer.alloc(sectorBytes, 0xa5));
}

async function slotId(of: Machine): Promise<string> {
  return (await of.succeed("blkid -p -o value -s PART_ENTRY_UUID /dev/vda3")).trim();
}
