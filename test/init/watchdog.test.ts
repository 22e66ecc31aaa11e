// The watchdog of a slot on trial: armed in the initramfs, and left alone.
import { expect, test } from "vitest";
import { runScript } from "./script.ts";

const files = {
  "dev/watchdog": "",
  "sys/class/watchdog/watchdog0/timeout": "180\n",
  "proc/sys/kernel/printk": "4 4 1 7\n",
};
const drivers = "modprobe -a -q wdat_wdt i6300esb sp5100_tco lpc_ich i2c_i801 iTCO_wdt";
const arm = (changed: Record<string, string> = files) => {
  const { calls, messages, exitCode } = runScript("lib/watchdog.sh", {
    files: changed,
    after: "arm_watchdog",
  });
  // Each run has another process.
  return { calls: calls.map((call) => call.replace(/(kill.*) \d+$/, "$1 FEEDER")), messages, exitCode };
};

test("is started, and its feeder killed, so that it runs on", () => {
  const { calls, messages } = arm();
  expect(messages).toEqual([]);
  expect(calls).toContain("watchdog -F -T 180 -t 3600 /dev/watchdog");
  expect(calls.filter((call) => !call.startsWith("watchdog"))).toEqual([
    drivers,
    "kill -KILL FEEDER",
    "sleep 0.1",
  ]);
});

test("is the kernel's own where there is no other", () => {
  const { "dev/watchdog": _, ...none } = files;
  const { calls, exitCode, messages } = arm(none);
  expect(calls).toEqual([drivers, "modprobe softdog"]);
  expect(messages).toEqual(["init: watchdog: this machine has no watchdog"]);
  expect(exitCode).toBe(0);
});

test("that would reset a machine that is well is stopped", () => {
  const { calls, messages } = arm({ ...files, "sys/class/watchdog/watchdog0/timeout": "38\n" });
  expect(messages).toEqual(["init: watchdog: the watchdog can't wait for 180 s: going on without it"]);
  expect(calls.at(-1)).toBe("kill FEEDER");
});
