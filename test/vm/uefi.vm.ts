import { expect, test } from "vitest";
import { becomeReady, bootImage, measure } from "./machine-under-test.ts";

test("UEFI firmware boots the same disk to Ready", async () => {
  const cluster = await bootImage("uefi", { firmware: "uefi" });
  await using machine = cluster.machine;
  await measure("UEFI, power-on to Ready", () => becomeReady(cluster));
  expect(await machine.succeed("ls -d /sys/firmware/efi")).toContain("efi");
});
