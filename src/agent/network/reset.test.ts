import { expect, test } from "vitest";
import type { FoundLink } from "./found.ts";
import { planReset } from "./reset.ts";
import { describeStep } from "./steps.ts";

const card = (name: string, index: number, change: Partial<FoundLink> = {}): FoundLink => ({
  name,
  index,
  macAddress: `52:54:00:00:00:0${index}`,
  mtu: 1500,
  driver: "virtio_net",
  ...change,
});
const steps = (...args: Parameters<typeof planReset>) => planReset(...args).map(describeStep);
const stop = "/usr/lib/kubesolo-os/services/links stop";

test("a card that was only given addresses loses them", () => {
  expect(steps([card("eth0", 2)], [card("eth0", 2)], [])).toEqual([
    stop,
    "ip addr flush dev eth0",
    "ip link set eth0 down",
    "ip link set eth0 up",
  ]);
});

test("name, MAC address and MTU become what the kernel made them", () => {
  const now = card("lan0", 2, { macAddress: "02:00:00:00:00:09", mtu: 9000 });
  expect(steps([card("eth0", 2)], [now], [])).toEqual([
    stop,
    "ip addr flush dev lan0",
    "ip link set lan0 down",
    "ip link set lan0 address 52:54:00:00:00:02",
    "ip link set lan0 mtu 1500",
    "ip link set lan0 down",
    "ip link set lan0 name eth0",
    "ip link set eth0 up",
  ]);
});

test("links that were made go, the last one first", () => {
  expect(steps([], [], ["bond0", "br0", "v5"])).toEqual([
    stop,
    "ip link del v5",
    "ip link del br0",
    "ip link del bond0",
  ]);
});

test("a card that was pulled out is left alone, and one that came is, too", () => {
  expect(steps([card("eth0", 2)], [card("eth1", 3)], [])).toEqual([stop]);
});
