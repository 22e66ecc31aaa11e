// What looks after a machine that nobody looks after: the watchdog, and the log that may not grow for ever.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Machine } from "../../src/vm/machine.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

let machine: Machine;

beforeAll(async () => {
  const kernel = directKernel();
  ({ machine } = await bootImage("watchdog", { kernel, readOnlyDisks: [], watchdog: true }));
  await machine.until("pidof watchdog chores", bootLimit);
});

afterAll(async () => {
  await machine?.crash();
});

test("the hardware's watchdog is the one in use, and is fed again when its feeder ends", async () => {
  expect(await machine.succeed("cat /sys/class/watchdog/watchdog0/identity")).toContain("i6300ESB");
  const feeder = (await machine.succeed("pidof watchdog")).trim();
  await machine.succeed(`kill -KILL ${feeder}`);
  await machine.until(`feeder=$(pidof watchdog) && test "$feeder" != ${feeder}`, bootLimit);
});

test("a log over 1 MiB is begun anew; a machine whose watchdog is not fed is reset", async () => {
  const log = "/var/log/kubesolo.log";
  await machine.succeed("killall -STOP watchdog");
  await measure("watchdog not fed to the next boot", async () => {
    await machine.succeed(`head -c 1100000 /dev/zero | tr '\\0' x >>${log}`);
    await machine.until(`test "$(stat -c %s ${log}.1)" -ge 1100000`, { timeoutMs: 100_000 });
    expect(Number(await machine.succeed(`stat -c %s ${log}`))).toBeLessThan(1_000_000);
    await machine.waitForConsole(/90-kubesolo: done.*00-early-mount: done/s, bootLimit);
  });
});
