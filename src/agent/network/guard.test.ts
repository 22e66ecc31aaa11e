// How a network is tried, and what takes its place when it doesn't work.
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PowerCut } from "../../../test/agent/device/folder-host.ts";
import { addresses, boot, card, device, home, planOf, read, start } from "../../../test/agent/device/site.ts";
import { networkPlaces } from "./records.ts";

const LATER_MS = 600_000;
const away = planOf("eth0: {addresses: [10.7.0.9/24], gateway4: 10.7.0.1}");
const alone = planOf("eth0: {addresses: [10.0.0.9/24]}");
const named = planOf(
  "eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1, nameservers: {addresses: [10.0.0.2]}}",
);

describe("a first configuration", () => {
  test("that works is kept as the last that did", () => {
    const { host, problems, said, failure } = boot(device(), home, { gateways: ["10.0.0.1"] });
    expect([...problems, failure]).toEqual([undefined]);
    expect(said).toEqual(["the network's configuration works"]);
    expect(read(host, "network-good.json")).toMatchObject({ plan: { links: [{ id: "eth0" }] } });
    expect(read(host, "network-trial.json")).toBeUndefined();
  });

  test("whose gateway is silent gives way to DHCP, if that works", () => {
    const { host, said } = boot(device(), away, { hasDhcp: true });
    expect(said).toEqual([
      "the network's configuration doesn't work: the gateway 10.7.0.1 doesn't answer; trying DHCP on every wired link",
      "DHCP on every wired link works: the network's configuration isn't tried again until it is changed",
    ]);
    expect(addresses(host)).toEqual(["10.7.0.9/24", "dhcp eth0"]);
    expect(read(host, "network-trial.json")).toMatchObject({
      failure: "the gateway 10.7.0.1 doesn't answer",
    });
    expect(read(host, "network-good.json")).toBeUndefined();
  });

  test("stays if nothing works, and has worked as soon as somebody answers", () => {
    const { host, said } = boot(device(), home, { gateways: ["10.0.0.1"], fromMs: LATER_MS });
    expect(said.slice(1)).toEqual([
      "DHCP on every wired link doesn't work either: back to the network's configuration",
      "the network's configuration works",
    ]);
    expect(addresses(host)).toEqual(["10.0.0.9/24", "dhcp eth0", "10.0.0.9/24"]);
  });

  test("without a gateway needs nobody", () => {
    expect(boot(device(), alone, {}).said).toEqual(["the network's configuration works"]);
  });

  test("may name servers that aren't there yet", () => {
    expect(boot(device(), named, { gateways: ["10.0.0.1"] }).said).toEqual([
      "the network's configuration works",
    ]);
  });

  test("of cards that the machine hasn't is DHCP on those that it has", () => {
    const { host, problems, said } = boot(device(), planOf("enp1s0: {dhcp4: true}"), { hasDhcp: true });
    expect(problems).toEqual([
      'no link fits "enp1s0"; there is eth0 52:54:00:00:00:02 (virtio_net)',
      "none of the configuration's links is there: DHCP on every wired link",
    ]);
    expect(addresses(host)).toEqual(["dhcp eth0"]);
    expect(said).toEqual(["the network's configuration works"]);
  });

  test("of which a step fails is told, and the others are taken", () => {
    const site = { gateways: ["10.0.0.1"], failing: /fd00::9/ };
    const both = planOf("eth0: {addresses: ['fd00::9/64', 10.0.0.9/24], gateway4: 10.0.0.1}");
    const { problems, said } = boot(device(), both, site);
    expect(problems).toEqual(["cannot ip addr replace fd00::9/64 dev eth0: no luck"]);
    expect(said).toEqual(["the network's configuration works"]);
  });
});

describe("a change", () => {
  const atHome = { gateways: ["10.0.0.1"], nameServers: ["10.0.0.2"] };
  const settled = (cmdline = "") => {
    const root = device({ ...card("eth0", 2), "run/kubesolo-os/cmdline": cmdline });
    boot(root, home, atHome);
    return root;
  };

  test("that cuts the node off is taken back", () => {
    const { host, said, failure } = boot(settled(), away, atHome);
    expect(failure).toBe(
      "the network's configuration failed: the gateway 10.7.0.1 doesn't answer; the last one that worked counts",
    );
    expect(said).toEqual([
      "the network's configuration doesn't work: the gateway 10.7.0.1 doesn't answer; trying the last one that worked",
      "the last one that worked works: the network's configuration isn't tried again until it is changed",
    ]);
    expect(addresses(host)).toEqual(["10.7.0.9/24", "10.0.0.9/24"]);
    expect(host.calls).toContain("/usr/lib/kubesolo-os/services/links stop");
  });

  test("that failed isn't tried by the next boot, which says why", () => {
    const root = settled();
    boot(root, away, atHome);
    const { host, problems, said } = boot(root, away, atHome);
    expect(addresses(host)).toEqual(["10.0.0.9/24"]);
    expect(problems).toEqual([
      "the network's configuration failed: the gateway 10.7.0.1 doesn't answer; it isn't tried again until it is changed",
    ]);
    expect(said).toEqual([]);
  });

  test("that loses the name servers is taken back", () => {
    const { said } = boot(settled(), named, { gateways: ["10.0.0.1"] });
    expect(said[0]).toContain("no name server answers");
    expect(said[1]).toContain("isn't tried again");
  });

  test("back to what worked last needs no trial", () => {
    const root = settled();
    boot(root, away, atHome);
    expect(boot(root, home, {})).toMatchObject({ problems: [], said: [] });
  });

  test("whose trial the power ends is tried twice more, and then no longer", () => {
    const root = settled();
    const cut = () => boot(root, away, { ...atHome, questions: 5 });
    for (const tries of [1, 2, 3]) {
      expect(cut).toThrow(PowerCut);
      expect(read(start(root, {}), "network-trial.json")).toMatchObject({ tries });
    }
    const { host, problems } = cut();
    expect(problems).toEqual([expect.stringContaining("the machine was reset 3 times while it was tried")]);
    expect(addresses(host)).toEqual(["10.0.0.9/24"]);
  });

  test("isn't tried where no cable is, however often the power goes", () => {
    const root = device(card("eth0", 2, 0));
    for (const _ of [1, 2, 3, 4, 5])
      expect(() => boot(root, home, { gateways: [], questions: 100 })).toThrow(PowerCut);
    expect(read(start(root, {}), "network-trial.json")).toMatchObject({ tries: 0 });
  });

  test("comes to the same, wherever the power goes", () => {
    const quick = "kubesolo.network_limit=4\n";
    const changes = boot(settled(quick), away, atHome).host.changes();
    const isDone: boolean[] = [];
    for (let after = 0; after < changes; after += 1) {
      const root = settled(quick);
      expect(() => boot(root, away, { ...atHome, changes: after })).toThrow(PowerCut);
      isDone.push(existsSync(`${root}${networkPlaces.done}`));
      const { host } = boot(root, away, atHome);
      expect(addresses(host).at(-1)).toBe("10.0.0.9/24");
      expect(read(host, "network-good.json")).toMatchObject({
        plan: { links: [{ addresses: ["10.0.0.9/24"] }] },
      });
    }
    // Once the network is the agent's, hotplug leaves it alone: while it is set up anew, too.
    expect(isDone).toEqual([...isDone].sort());
    expect(new Set(isDone).size).toBe(2);
  }, 60_000);
});

describe("another limit", () => {
  test("of the command line counts", () => {
    const root = device({
      ...card("eth0", 2),
      "run/kubesolo-os/cmdline": "quiet\nkubesolo.network_limit=6\n",
    });
    const { host } = boot(root, away, { hasDhcp: true });
    expect(host.uptime()).toBeLessThan(10_000);
  });
});
