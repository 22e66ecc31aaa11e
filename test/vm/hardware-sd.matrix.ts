// The hardware profile on a box without any other disk than an SD card.
import { beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

beforeAll(async () => {
  await run([sourcePath("bin/kubesolo-os"), "build", "--profile", "hardware"]);
}, 1_200_000);

test("a box boots from an SD card", async () => {
  const { machine: booted } = await bootImage(
    "hardware-sd",
    { networkCard: "e1000e", readOnlyDisks: [], diskBus: "sd" },
    { profile: "hardware" },
  );
  await using machine = booted;
  await machine.until("true", bootLimit);
  expect(await machine.succeed("grep ' /data ' /proc/mounts")).toMatch(/^\/dev\/mmcblk/);
});
