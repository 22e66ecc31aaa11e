// A data partition that is full, dirty, damaged or somebody else's; one disk after the other way to spoil it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { partitionNumber, partitionStartMib } from "../../src/release/partitions.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { overwrite, readRange, writeBytes } from "./damage.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";
import { explainSupport } from "./support.ts";
import { makeSupportStick, type SupportStick, waitForBundle } from "./support-stick.ts";

const dataMib = partitionStartMib("KSOLODATA");
const partition = partitionNumber("KSOLODATA");
const device = `/dev/vda${partition}`;

let machine: Machine;
/** What a partition for swap begins with. */
let swapHeader: Buffer;

beforeAll(async () => {
  ({ machine } = await bootImage("data-faults", { kernel: directKernel(), readOnlyDisks: [] }));
  await machine.succeed("echo mine >/data/whose && sync", bootLimit);
  const makeSwap = "truncate -s 2M /tmp/swap && mkswap -L other /tmp/swap >/dev/null";
  swapHeader = Buffer.from(await machine.succeed(`${makeSwap} && head -c 4096 /tmp/swap | base64`), "base64");
});

afterAll(async () => {
  await machine?.crash();
});

test("a full data partition is told, and the system runs", async () => {
  const room = "set -- $(stat -f -c '%a %S' /data); echo $(($1 * $2 / 1048576 - 4))";
  const mib = Number(await machine.succeed(room));
  expect(mib).toBeGreaterThan(100);
  await machine.succeed(`fallocate -l ${mib}M /data/fill && sync`);
  await startAgain();
  await machine.waitForConsole(/the data partition \/dev\/vda5 is full: the engine may not start/, bootLimit);
  await machine.waitForConsole(/^ {2}data {7}\/dev\/vda5, \d of \d+ MB free/m, bootLimit);
  await machine.succeed("rm /data/fill && sync", bootLimit);
});

test("errors that the kernel noted are mended at the next boot, after a power cut", async () => {
  await machine.succeed("head -c 8388608 /dev/urandom >/data/noise");
  await machine.succeed("echo 1 >/sys/fs/ext4/vda5/trigger_fs_error");
  // Linux, Documentation/filesystems/ext4/super.rst: s_state, whose 2 stands for errors. The kernel notes it a moment later.
  const state = `dd if=${device} bs=1 skip=${1024 + 0x3a} count=1 2>/dev/null | od -A n -t u1`;
  await machine.until(`${state} | grep -q '[23]' && sync`, bootLimit);
  await startAgain();
  await machine.waitForConsole(/the file system on \/dev\/vda5 was mended/, bootLimit);
  expect(await machine.succeed("cat /data/whose /sys/fs/ext4/vda5/errors_count", bootLimit)).toBe(
    "mine\n0\n",
  );
});

test("a damaged superblock is mended from its copy", async () => {
  await startAgain(({ disk }) => overwrite(disk, `${dataMib * 1024 + 1}k`, "1k"));
  await machine.waitForConsole(/the superblock of \/dev\/vda5 was damaged: mended from its copy/, bootLimit);
  expect(await machine.succeed("cat /data/whose", bootLimit)).toBe("mine\n");
});

test("what only a person can mend is told, the boot ends, and a stick gets a support bundle that says why", async () => {
  const stick = await makeSupportStick("data-faults", "ext4");
  await startAgain(({ disk }) => overwrite(disk, `${dataMib + 1}M`, "64M"), { stick });
  await machine.waitForConsole(/fsck of \/dev\/vda5: .*RUN fsck MANUALLY/, bootLimit);
  await machine.waitForConsole(/cannot mount the data partition \/dev\/vda5 on \/data/, bootLimit);
  const name = await waitForBundle(machine, bootLimit.timeoutMs);
  await machine.waitForConsole(/rebooting in 10 s/, bootLimit);
  await machine.crash();
  expect(await explainSupport(await stick.take(name))).toMatch(
    /^1\. a file system has errors[\s\S]*cannot mount the data partition/m,
  );
});

test("what isn't ours is never written to, with our name or without", async () => {
  let before = "";
  await startAgain(async ({ disk }) => {
    await overwrite(disk, `${dataMib}M`, "2M");
    await writeBytes(disk, dataMib * 2 ** 20, swapHeader);
    before = await readRange(disk, `${dataMib}M`, "1M");
  });
  await machine.waitForConsole(
    /the data partition \/dev\/vda5 holds swap, not ext4: it stays as it is/,
    bootLimit,
  );

  // Takes our name off.
  await startAgain(
    async ({ disk }) => {
      expect(await readRange(disk, `${dataMib}M`, "1M")).toBe(before);
    },
    { word: "kubesolo.nopersist" },
  );
  const rename = `sfdisk --no-reread --no-tell-kernel --part-label /dev/vda ${partition} other && sync`;
  await machine.succeed(rename, bootLimit);
  await startAgain();
  await machine.waitForConsole(
    /no data partition: LABEL=KSOLODATA; name one with kubesolo\.data=/,
    bootLimit,
  );
  await machine.crash();
  expect(await readRange(machine.options.disk, `${dataMib}M`, "1M")).toBe(before);
});

/** A power cut; then it starts again, after whatever is done to its disk. */
async function startAgain(
  damage: (options: Machine["options"]) => Promise<void> = async () => {},
  { word = "", stick }: { word?: string; stick?: SupportStick } = {},
): Promise<void> {
  const { otherDisk: _, ...usual } = machine.options;
  const plugged = stick === undefined ? {} : { otherDisk: { path: stick.path, format: "raw" as const } };
  const options = { ...usual, kernel: directKernel(word), ...plugged };
  await machine.crash();
  await damage(options);
  await machine.powerOn(options);
}
