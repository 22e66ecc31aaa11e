// A pod with a serial line on USB, of the hardware profile. That the line is there: hardware.vm.ts.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { becomeReady, importImages, kubectl } from "../../src/vm/cluster.ts";
import { machineFiles } from "../../src/vm/qemu-args.ts";
import {
  bootImage,
  bootLimit,
  busyboxSerial,
  manifestPath,
  podLimit,
  waitForPod,
} from "./machine-under-test.ts";

beforeAll(async () => {
  await run([sourcePath("bin/kubesolo-os"), "build", "--profile", "hardware"]);
}, 1_200_000);

test("a pod writes to a serial line by the name that stays", async () => {
  const cluster = await bootImage("serial-line", { diskBus: "usb" }, { profile: "hardware" });
  await using machine = cluster.machine;
  await becomeReady(cluster, { timeoutMs: 600_000 });
  await importImages(machine, busyboxSerial, podLimit);
  const line = await machine.until("ls /dev/serial/by-id | grep -m 1 USB_SERIAL", bootLimit);
  const manifest = readFileSync(manifestPath("serial-line"), "utf8").replace(
    "by-id/LINE",
    `by-id/${line.trim()}`,
  );
  await run([cluster.kubectl, "--kubeconfig", cluster.kubeconfig, "apply", "--filename=-"], {
    input: manifest,
  });
  await waitForPod(cluster, "gateway");
  await expect
    .poll(() => kubectl(cluster, "logs", "gateway"), { timeout: podLimit.timeoutMs })
    .toContain("speed 19200 baud");
  const written = join(machine.options.directory, machineFiles.serialLine);
  await expect
    .poll(() => existsSync(written) && readFileSync(written, "utf8"), { timeout: podLimit.timeoutMs })
    .toBe("words of a pod\n");
}, 1_800_000);
