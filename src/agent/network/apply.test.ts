// Whose network counts, and what a card gets that comes later.
import { describe, expect, test } from "vitest";
import { boot, card, device, home, planOf, start } from "../../../test/agent/device/site.ts";
import { applyNetwork, plugIn } from "./apply.ts";
import type { NetworkPlan } from "./plan.ts";

describe("the command line", () => {
  test.each([
    ["ip=10.0.0.9:::24", "ip= on the kernel command line counts, and not the configuration's network"],
    [
      "kubesolo.cloudinit=http://10.0.0.1/x",
      "a configuration that comes over the network can't configure it",
    ],
  ])("%s goes before the configuration's network", (word, problem) => {
    const root = device({ ...card("eth0", 2), "run/kubesolo-os/cmdline": `${word}\n` });
    const host = start(root, {});
    expect(applyNetwork(host, home)).toEqual([problem]);
    expect(host.calls).toEqual([]);
  });
});

describe("a card that is plugged in later", () => {
  const two = planOf(
    "eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1}, eth1: {optional: true, dhcp4: true}",
  );
  const plug = (plan: NetworkPlan, name: string) => {
    const root = device();
    const { host } = boot(root, plan, { gateways: ["10.0.0.1"] });
    for (const [path, text] of Object.entries(card(name, 3))) host.writeFile(`/${path}`, text);
    host.calls.length = 0;
    return { problems: plugIn(host), calls: host.calls, host };
  };

  test("is set up when the configuration means it", () => {
    const { problems, calls } = plug(two, "eth1");
    expect(problems).toEqual([]);
    expect(calls).toContain("/usr/lib/kubesolo-os/services/links dhcp eth1");
    expect(calls).toContain("ip addr replace 10.0.0.9/24 dev eth0");
  });

  test("stays alone when it doesn't", () => {
    expect(plug(two, "eth7").calls).toEqual([]);
  });

  test("is nothing new a second time", () => {
    const { host } = plug(two, "eth1");
    host.calls.length = 0;
    plugIn(host);
    expect(host.calls).toEqual([]);
  });
});
