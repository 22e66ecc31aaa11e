// A machine without a network card, and one that is plugged in while it runs. In a sandbox: renewal.test.ts.
import { expect, test } from "vitest";
import { Qmp } from "../../src/vm/qmp.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

test("without a network card the node gets Ready, and it takes the address of one plugged in later", async () => {
  const { machine: booted } = await bootImage("no-network", {
    kernel: directKernel(),
    readOnlyDisks: [],
    networkCard: "none",
    spareSlot: true,
  });
  await using machine = booted;
  await machine.waitForConsole(/init: 50-network: no wired network link/, bootLimit);
  await machine.waitForConsole(/^ {2}addresses {2}none yet: nobody else reaches this node/m, bootLimit);
  await measure("no network card, power-on to Ready", () => machine.until("kubesolo status", bootLimit));
  await machine.succeed("kubesolo kubectl run lasting --image=localhost/pause:1", bootLimit);
  await machine.succeed("kubesolo kubectl wait --for=condition=Ready --timeout=60s pod/lasting", bootLimit);
  expect(await machine.succeed(nodeAddress)).toBe("10.42.0.1");
  const pod = await machine.succeed(podOf("lasting"));

  using qmp = await Qmp.open(machine.directory);
  const card = { driver: "virtio-net-pci", bus: "spare", id: "card", netdev: "late", romfile: "" };
  await qmp.command("netdev_add", { type: "user", id: "late", restrict: true });
  await qmp.command("device_add", card);
  // Its cable comes when its DHCP client has asked in vain.
  await qmp.command("set_link", { name: "card", up: false });
  await machine.until("test -e /run/udhcpc.eth0.pid", bootLimit);
  await machine.fail(hasLateAddress);
  await qmp.command("set_link", { name: "card", up: true });
  await measure("late cable to an address", () => machine.until(hasLateAddress, bootLimit));
  await qmp.command("device_del", { id: "card" });
  await machine.until("test ! -e /sys/class/net/eth0 && test ! -e /run/kubesolo-os/taken/eth0", {
    timeoutMs: 60_000,
  });
  await qmp.command("device_add", card);
  await measure("card plugged in again to its address", () => machine.until(hasLateAddress, bootLimit));
  await measure("late address to Ready with it", () =>
    machine.until(`test "$(${nodeAddress})" = 10.0.2.15 && kubesolo status`, bootLimit),
  );
  expect(await machine.succeed(podOf("lasting"))).toBe(pod);
});

const hasLateAddress = "ip -4 addr show dev eth0 | grep 10.0.2.15/24";
const nodeAddress = "kubesolo kubectl get node -o jsonpath={.items[0].status.addresses[0].address}";
const podOf = (name: string) =>
  `kubesolo kubectl get pod ${name} -o jsonpath={.status.podIP}{.status.containerStatuses}`;
