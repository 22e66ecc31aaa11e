// A disk beside its own clone, byte for byte with the same ids, as after a copy to a larger one: an update touches the disk that was booted.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { partitionStartMib } from "../../src/release/partitions.ts";
import { becomeReady } from "../../src/vm/cluster.ts";
import { later, makeReleases } from "../../src/vm/update-releases.ts";
import { overwrite } from "./damage.ts";
import {
  activateAndReboot,
  agent,
  countsFromNowOn,
  startUpdatable,
  tryLimit,
  type Updatable,
} from "./machine-on-trial.ts";
import { bootLimit, imageTools, waitForStages } from "./machine-under-test.ts";

const testLimitMs = 1_800_000;

let box: Updatable;

beforeAll(async () => {
  await makeReleases();
  box = await startUpdatable("clones");
  await box.cluster.machine.shutdown(bootLimit);
}, testLimitMs);

afterAll(() => box?.[Symbol.asyncDispose]());

test(
  "an update goes into the disk that was booted, and no byte of the clone changes",
  async () => {
    const { machine } = box.cluster;
    const { options } = machine;
    const otherDisk = { ...options.disk, path: join(options.directory, "clone.qcow2") };
    const before = join(options.directory, "before.qcow2");
    for (const copy of [otherDisk.path, before]) copyFileSync(options.disk.path, copy);

    await machine.powerOn({ ...options, otherDisk });
    await becomeReady(box.cluster, bootLimit);
    await machine.succeed(`${agent} apply ${box.web.url}/second.tar`, { timeoutMs: 600_000 });
    await activateAndReboot(box.cluster);
    await machine.waitForConsole(/starting slot B/, bootLimit);
    await machine.waitForConsole(countsFromNowOn(later.version), tryLimit);
    expect(await machine.succeed("cat /run/kubesolo-os/boot-disk")).toBe("vda\n");
    expect(await machine.succeed("grep ' /data ' /proc/mounts")).toMatch(/^\/dev\/vda5 /);

    await machine.crash();
    const { format } = otherDisk;
    const compare = ["qemu-img", "compare", "-f", format, "-F", format, before, otherDisk.path];
    expect(await imageTools().run(compare)).toBe("Images are identical.\n");
  },
  testLimitMs,
);

test(
  "a partition table whose copy at the end of the disk is gone gets it again",
  async () => {
    const { machine } = box.cluster;
    const { otherDisk: _, ...options } = machine.options;
    await eraseCopy();
    await machine.powerOn(options);
    await becomeReady(box.cluster, bootLimit);
    expect(machine.console.read()).toContain("the partition table of vda was torn; writing it anew");
    expect(await machine.succeed("sfdisk --verify /dev/vda 2>&1")).not.toContain("corrupt");
    expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(/, slot B: confirmed$/m);
  },
  testLimitMs,
);

test(
  "and a disk that has grown without it, as of an image that was cut short, gets its room, too",
  async () => {
    const { machine } = box.cluster;
    await machine.crash();
    await eraseCopy();
    await imageTools().run(["qemu-img", "resize", "-q", machine.options.disk.path, "+1G"]);
    const diskMib = (await diskBytes(machine.options.disk.path)) / 2 ** 20;
    await machine.powerOn();
    await waitForStages(machine);
    expect(await machine.succeed("sfdisk --verify /dev/vda 2>&1")).toContain("No errors detected");
    const dataMib = Number(await machine.succeed("cat /sys/class/block/vda5/size")) / 2048;
    expect(dataMib).toBe(diskMib - partitionStartMib("KSOLODATA") - 1);
    expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(/, slot B: confirmed$/m);
  },
  testLimitMs,
);

/** The last 33 sectors of the disk. */
async function eraseCopy(): Promise<void> {
  const { disk } = box.cluster.machine.options;
  const copyBytes = 33 * 512;
  await overwrite(disk, String((await diskBytes(disk.path)) - copyBytes), String(copyBytes));
}

/** While no machine uses it. */
async function diskBytes(path: string): Promise<number> {
  const info = await imageTools().run(["qemu-img", "info", "--output=json", path]);
  return Number(JSON.parse(info)["virtual-size"]);
}
