// GRUB on the real disk: its menu, the owner's words, and slots with a flipped bit. The table that it goes by is tried in
// test/factory/boot-moves.test.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import type { Machine } from "../../src/vm/machine.ts";
import type { Firmware } from "../../src/vm/machine-options.ts";
import { askQmp } from "../../src/vm/qmp.ts";
import { bootPartition, changeBootPartition } from "./boot-partition.ts";
import { findInSlot, flipBit } from "./damage.ts";
import { bootImage, bootLimit, builtKernel } from "./machine-under-test.ts";

const agent = "kubesolo-os-agent";

/** Tests for one kind of firmware, on a machine of their own. */
export function bootLoaderPromises(firmware: Firmware): void {
  let machine: Machine;

  beforeAll(async () => {
    ({ machine } = await bootImage(`boot-loader-${firmware}`, { firmware, readOnlyDisks: [] }));
  });

  afterAll(async () => {
    await machine?.crash();
  });

  test("a key brings up the menu, and another one starts slot B", async () => {
    await machine.waitForConsole(/press m for a menu/, bootLimit);
    await press("m");
    await machine.waitForConsole(/b {3}start slot B/, bootLimit);
    await press("x");
    await press("b");
    await machine.waitForConsole(/KubeSolo OS: starting slot B/, bootLimit);
    expect(await machine.succeed("cat /proc/cmdline", bootLimit)).toContain(" kubesolo.reason=chosen");
  });

  test("a file of the owner's that GRUB can't read, and any words in one that it can, leave the machine starting", async () => {
    await writeOwnerFile("kernel_args=quiet");
    await startAgain();
    await machine.waitForConsole(
      /kernel-args\.txt can't be read, and is left out.*starting slot A/s,
      bootLimit,
    );
    await writeOwnerFile("# GRUB Environment Block\nkernel_args=it's \\$x (\"quiet &");
    await startAgain();
    await machine.waitForConsole(/starting slot A/, bootLimit);
    expect(await machine.succeed("cat /proc/cmdline", bootLimit)).toMatch(/ it\S+s \S+x \S*quiet &/);
    await writeOwnerFile("# GRUB Environment Block\nkernel_args=quiet");
  });

  test("a bit of the kernel in a confirmed slot: the other one comes up, says so, and counts from then on", async () => {
    await damage("KSOLOA", builtKernel().path);
    await machine.waitForConsole(/slot A is damaged.*starting slot B/s, bootLimit);
    await machine.waitForConsole(/slot B, NOT THE ONE THAT WAS MEANT: slot-damaged/, bootLimit);
    expect(await machine.succeed("cat /proc/cmdline")).toContain(" quiet");
    await machine.until(`${agent} history | grep -q 'other slot .*slot B: slot-damaged'`, bootLimit);
    expect(await machine.until(`${agent} status | grep ^system`, bootLimit)).toMatch(/slot B: confirmed/);
  });

  test("both slots rotten: the reason on the console, and no hot loop", async () => {
    await damage("KSOLOB", buildPath("image/initramfs.img"));
    await machine.waitForConsole(
      /slot B is damaged.*slot A is damaged.*neither slot can be started.*again in 30 s/s,
      bootLimit,
    );
  });

  /** Once nothing else has the boot partition. */
  async function writeOwnerFile(text: string): Promise<void> {
    await machine.until("! grep -q boot-partition /proc/mounts", bootLimit);
    const coded = Buffer.from(`${text}\n`).toString("base64");
    await changeBootPartition(machine, `echo ${coded} | base64 -d >${bootPartition}/kernel-args.txt`);
  }

  async function press(key: string): Promise<void> {
    await askQmp(machine.directory, "send-key", { keys: [{ type: "qcode", data: key }] });
  }

  async function startAgain(): Promise<void> {
    await machine.crash();
    await machine.powerOn();
  }

  /** Flips a bit of this file in a slot. */
  async function damage(slot: "KSOLOA" | "KSOLOB", file: string): Promise<void> {
    await machine.crash();
    await flipBit(machine.options.disk, findInSlot(slot, file, 2000));
    await machine.powerOn();
  }
}
