// A machine as VMware has it: its disk's format, its controller, its card.
import { expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { becomeReady } from "../../src/vm/cluster.ts";
import { makeOverlay } from "../../src/vm/overlay.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

test("a node on VMware's devices gets Ready from the VMDK", async () => {
  const [vmdk = ""] = (await run([sourcePath("bin/kubesolo-os"), "build", "vmdk"])).trim().split("\n");
  const cluster = await bootImage(
    "vmware",
    { diskBus: "pvscsi", networkCard: "vmxnet3" },
    { prepare: (overlay) => makeOverlay(readKit().qemu, vmdk, overlay, "vmdk") },
  );
  await using machine = cluster.machine;
  await becomeReady(cluster, bootLimit);
  expect(await machine.succeed("readlink -f /sys/class/net/eth0/device/driver")).toContain("vmxnet3");
  expect(await machine.succeed("grep ' /data ' /proc/mounts")).toMatch(/^\/dev\/sda/);
});
