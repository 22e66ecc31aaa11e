// A data partition that is full.
import { expect, test } from "vitest";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

test("a full data partition is told, and the system runs", async () => {
  const { machine: booted } = await bootImage("data-faults", {
    kernel: await directKernel(),
    readOnlyDisks: [],
  });
  await using machine = booted;
  const room = "set -- $(stat -f -c '%a %S' /data); echo $(($1 * $2 / 1048576 - 4))";
  const mib = Number(await machine.succeed(room, bootLimit));
  expect(mib).toBeGreaterThan(100);
  await machine.succeed(`fallocate -l ${mib}M /data/fill && sync`);
  await machine.crash();
  await machine.powerOn();
  await machine.waitForConsole(/the data partition \/dev\/vda5 is full: the engine may not start/, bootLimit);
  await machine.waitForConsole(/^ {2}data {7}\/dev\/vda5, \d of \d+ MB free/m, bootLimit);
});
