// The network of a node's configuration: an address that answers from outside, a bond and a VLAN at the other ends of two
// cables, and a change that cuts the machine off.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { hostPortOf, waitForPage } from "../../src/vm/cluster.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { cardMac } from "../../src/vm/qemu-args.ts";
import { askQmp } from "../../src/vm/qmp.ts";
import { bootPartition, changeBootPartition } from "./boot-partition.ts";
import { writeConfigurationVolume } from "./configuration-volume.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

const volume = join(buildPath("test"), "network.iso");
const webPort = 8080;
/** DHCP would give the machine 10.0.2.15. */
const address = "10.0.2.20";

const configuration = (outside: string) => ({
  "meta-data": "instance-id: network\n",
  "user-data": `#cloud-config
network:
  version: 2
  ethernets:
    outside: {match: {macaddress: "52:54:00:12:34:56"}, ${outside}}
    first: {match: {macaddress: "${cardMac(1)}"}, set-name: lan1}
    second: {match: {macaddress: "${cardMac(3)}"}, set-name: lan3}
  bonds:
    bond0:
      interfaces: [first, second]
      parameters: {mode: active-backup, primary: first}
      addresses: [10.9.0.1/24]
  vlans:
    bond0.5: {id: 5, link: bond0, addresses: [10.5.0.1/24]}
`,
});

const configure = (outside: string) => writeConfigurationVolume("cd", volume, configuration(outside));

let machine: Machine;

beforeAll(async () => {
  await configure(
    `addresses: [${address}/24], routes: [{to: default, via: 10.0.2.2}], nameservers: {search: [site.example]}`,
  );
  ({ machine } = await bootImage("network", {
    kernel: directKernel("kubesolo.network_limit=15"),
    readOnlyDisks: [{ path: volume, serial: "configuration" }],
    cables: 2,
    // QEMU's DHCP server names no gateway and no name server to a machine that may reach nothing.
    offline: false,
    forwards: [{ hostPort: await findFreePort(), guestPort: webPort, guestAddress: address }],
  }));
  await machine.succeed("true", bootLimit);
});

afterAll(async () => {
  await machine?.crash();
});

/** Somebody outside the machine asks it at its fixed address. */
async function answersAtItsAddress(): Promise<void> {
  await machine.succeed(
    `mkdir -p /tmp/web && echo here >/tmp/web/index.html && httpd -p ${webPort} -h /tmp/web`,
  );
  await waitForPage(machine, `http://127.0.0.1:${hostPortOf(machine, webPort)}`, "here", bootLimit);
}

/** At the other end of a cable: fails when somebody has the address. The ends are of one kernel: only ARP tells them apart. */
const isFree = (link: string, ip: string) => `arping -D -q -c 3 -w 3 -I ${link} ${ip}`;

describe("a network of its own", () => {
  test("has its fixed address, which answers from outside", async () => {
    await answersAtItsAddress();
    expect(await machine.succeed("cat /etc/resolv.conf")).toContain("search site.example");
    expect(await machine.succeed("pidof udhcpc || echo none")).toBe("none\n");
  });

  test("has worked, and the console says so", async () => {
    await machine.waitForConsole(/init: network: the network's configuration works/, bootLimit);
    expect(await machine.succeed("cat /etc/kubesolo/network-good.json")).toContain(address);
    await machine.fail("ls /etc/kubesolo/network-trial.json");
    await machine.waitForConsole(/addresses .*eth0 10\.0\.2\.20 bond0 10\.9\.0\.1/, bootLimit);
  });

  test("has a bond at the other end of the cable", async () => {
    await machine.succeed("ip link set eth2 up && ip link set eth4 up");
    expect(await machine.succeed("cat /sys/class/net/bond0/bonding/slaves")).toBe("lan1 lan3\n");
    await machine.until("grep -x lan1 /sys/class/net/bond0/bonding/active_slave", bootLimit);
    await machine.until(`! ${isFree("eth2", "10.9.0.1")}`, bootLimit);
    await machine.succeed(isFree("eth2", "10.9.0.77"));
  });

  test("has a VLAN there, and no other", async () => {
    for (const id of [5, 6])
      await machine.succeed(
        `ip link add link eth2 name eth2.${id} type vlan id ${id} && ip link set eth2.${id} up`,
      );
    await machine.until(`! ${isFree("eth2.5", "10.5.0.1")}`, bootLimit);
    await machine.succeed(isFree("eth2.6", "10.5.0.1"));
  });

  test("goes on over the bond's other cable when one is out", async () => {
    await askQmp(machine.directory, "set_link", { name: "card1", up: false });
    await machine.until("grep -x lan3 /sys/class/net/bond0/bonding/active_slave", bootLimit);
    await machine.until(`! ${isFree("eth4", "10.9.0.1")}`, bootLimit);
  });
});

describe("a change that cuts the machine off", () => {
  const bootAgain = async (options = machine.options) => {
    await machine.succeed("sync");
    await machine.crash();
    await machine.powerOn(options);
  };

  test("is taken back: the last configuration that worked returns, and the console says why", async () => {
    await configure("addresses: [192.168.99.9/24], gateway4: 192.168.99.1");
    await bootAgain();
    await machine.waitForConsole(
      /init: network: .*the gateway 192\.168\.99\.1 doesn't answer; trying the last one that worked/,
      bootLimit,
    );
    await machine.waitForConsole(/the last one that worked works: .* isn't tried again/, bootLimit);
    await answersAtItsAddress();
    expect(await machine.succeed("ip addr")).not.toContain("192.168.99.9");
    await machine.until(
      "kubesolo-os-agent status | grep 'configuration failed: the gateway 192.168.99.1'",
      bootLimit,
    );
    expect(await machine.succeed("cat /sys/class/net/bond0/bonding/slaves")).toBe("lan1 lan3\n");
  });

  test("isn't tried again by the next boot", async () => {
    await bootAgain();
    await machine.waitForConsole(
      /the network's configuration failed: the gateway 192\.168\.99\.1/,
      bootLimit,
    );
    await machine.succeed("true", bootLimit);
    await answersAtItsAddress();
  });

  test("doesn't stand in the way of the next change: DHCP, of whose answer not all counts", async () => {
    // Without the CD: from the boot partition.
    const files = configuration("dhcp4: true, dhcp4-overrides: {route-metric: 50, use-dns: false}");
    await changeBootPartition(machine, writeFiles(`${bootPartition}/kubesolo`, files));
    await bootAgain({ ...machine.options, readOnlyDisks: [] });
    await machine.waitForConsole(/init: configuration: KSOLOEFI \(\/dev\/vda2\)/, bootLimit);
    await machine.waitForConsole(/init: network: the network's configuration works/, bootLimit);
    expect(await machine.succeed("ip route", bootLimit)).toMatch(
      /^default via 10\.0\.2\.2 dev eth0 +metric 50/m,
    );
    expect(await machine.succeed("cat /run/kubesolo-os/leases/eth0")).toBe("10.0.2.15/24\n");
    expect(await machine.succeed("cat /etc/resolv.conf")).not.toContain("nameserver");
  });
});

/** A shell script. */
function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  const parts = Object.entries(files).map(([name, text]) => {
    const encoded = Buffer.from(text).toString("base64");
    return `echo ${encoded} | base64 -d >${folder}/${name}`;
  });
  return [`mkdir -p ${folder}`, ...parts].join(" && ");
}
