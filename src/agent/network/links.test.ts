import { describe, expect, test } from "vitest";
import { planOf, v2 } from "../../../test/agent/networks.ts";
import { type FoundLink, isLike } from "./found.ts";
import { dhcpEverywhere, planLinks } from "./links.ts";
import { describeStep } from "./steps.ts";

const card = (name: string, index: number, driver = "virtio_net"): FoundLink => ({
  name,
  index,
  driver,
  macAddress: `52:54:00:00:00:0${index}`,
  mtu: 1500,
});
const cards = [card("eth0", 2), card("eth1", 3, "e1000e"), card("eth2", 4)];

function plan(text: string, found = cards) {
  const { steps, ...rest } = planLinks(planOf(text), found);
  const always = /000-configuration$|made-links$|\/links\/1\d\d-|links publish$/;
  return { ...rest, steps: steps.map(describeStep).filter((step) => !always.test(step)), all: steps };
}

describe("steps", () => {
  test.each<[string, string, string[]]>([
    [
      "start DHCP on a link, by the plan's order",
      v2(
        "eth1: {dhcp4: true}, eth0: {dhcp4: true, dhcp4-overrides: {route-metric: 7, use-dns: no, use-routes: no}}",
      ),
      [
        "ip link set eth1 up",
        "ip link set eth0 up",
        "note order 100\nmetric 101 to /run/kubesolo-os/dhcp/eth1",
        "note order 102\nmetric 7\nno routes\nno dns to /run/kubesolo-os/dhcp/eth0",
        "/usr/lib/kubesolo-os/services/links dhcp eth1 eth0",
      ],
    ],
    [
      "set addresses and routes",
      v2(
        "eth0: {mtu: 1400, addresses: [10.0.0.9/24, 'fd00::9/64'], gateway4: 10.0.0.1, accept-ra: true, routes: [{to: 10.8.0.0/16, via: 10.0.0.2}, {to: 10.9.0.0/16, via: 1.2.3.4, on-link: yes, metric: 3}]}",
      ),
      [
        "ip link set eth0 mtu 1400",
        "ip link set eth0 up",
        "write 2 to /proc/sys/net/ipv6/conf/eth0/accept_ra",
        "ip addr replace 10.0.0.9/24 dev eth0",
        "ip addr replace fd00::9/64 dev eth0",
        "ip route replace 0.0.0.0/0 via 10.0.0.1 dev eth0 metric 100",
        "ip route replace 10.8.0.0/16 via 10.0.0.2 dev eth0",
        "ip route replace 10.9.0.0/16 via 1.2.3.4 dev eth0 metric 3 onlink",
      ],
    ],
    [
      "give a MAC address to a link that is down",
      v2("eth0: {macaddress: '02:00:00:00:00:09', addresses: [10.0.0.9/24]}"),
      [
        "ip link set eth0 down",
        "ip link set eth0 address 02:00:00:00:00:09",
        "ip link set eth0 up",
        "ip addr replace 10.0.0.9/24 dev eth0",
      ],
    ],
    [
      "rename a link that was found by its MAC address",
      v2("lan: {match: {macaddress: '52:54:00:00:00:03'}, set-name: lan0, addresses: [10.0.0.9/24]}"),
      [
        "ip link set eth1 down",
        "ip link set eth1 name lan0",
        "ip link set lan0 up",
        "ip link set lan0 up",
        "ip addr replace 10.0.0.9/24 dev lan0",
      ],
    ],
    [
      "swap names, if one is taken",
      v2("lan: {match: {macaddress: '52:54:00:00:00:03'}, set-name: eth0, addresses: [10.0.0.9/24]}"),
      [
        "ip link set eth0 down",
        "ip link set eth0 name rename0",
        "ip link set eth1 down",
        "ip link set eth1 name rename1",
        "ip link set rename0 down",
        "ip link set rename0 name eth1",
        "ip link set rename1 down",
        "ip link set rename1 name eth0",
        "ip link set eth1 up",
        "ip link set eth0 up",
        "ip link set eth0 up",
        "ip addr replace 10.0.0.9/24 dev eth0",
      ],
    ],
    [
      "make a bond of links that are down, its mode first and its primary last",
      "{version: 2, ethernets: {eth0: {}, eth1: {}}, bonds: {bond0: {interfaces: [eth0, eth1], mtu: 9000, addresses: [10.0.0.9/24], parameters: {primary: eth1, arp-interval: 100, arp-ip-targets: [10.0.0.1, 10.0.0.2], mode: active-backup}}}}",
      [
        "modprobe bonding max_bonds=0",
        "ip link set eth0 up",
        "ip link set eth1 up",
        "ip link add bond0 type bond",
        "write active-backup to /sys/class/net/bond0/bonding/mode",
        "write 100 to /sys/class/net/bond0/bonding/arp_interval",
        "write +10.0.0.1 to /sys/class/net/bond0/bonding/arp_ip_target",
        "write +10.0.0.2 to /sys/class/net/bond0/bonding/arp_ip_target",
        "ip link set eth0 down",
        "ip link set eth0 master bond0",
        "ip link set eth0 up",
        "ip link set eth1 down",
        "ip link set eth1 master bond0",
        "ip link set eth1 up",
        "write eth1 to /sys/class/net/bond0/bonding/primary",
        "ip link set bond0 mtu 9000",
        "ip link set bond0 up",
        "ip addr replace 10.0.0.9/24 dev bond0",
      ],
    ],
    [
      "make a VLAN on a bridge",
      "{version: 2, ethernets: {eth0: {}}, bridges: {br0: {interfaces: [eth0], parameters: {stp: yes}}}, vlans: {v5: {id: 5, link: br0, dhcp4: yes}}}",
      [
        "modprobe 8021q",
        "modprobe bridge",
        "ip link set eth0 up",
        "ip link add br0 type bridge",
        "write 1 to /sys/class/net/br0/bridge/stp_state",
        "ip link set eth0 master br0",
        "ip link set eth0 up",
        "ip link set br0 up",
        "ip link add link br0 name v5 type vlan id 5",
        "ip link set v5 up",
        "note order 104\nmetric 105 to /run/kubesolo-os/dhcp/v5",
        "/usr/lib/kubesolo-os/services/links dhcp v5",
      ],
    ],
    [
      "do for every card that fits what is said of all",
      v2(
        "all: {match: {name: 'eth*'}, mtu: 1400}, one: {match: {driver: e1000e}, mtu: 9000}, last: {match: {name: eth2}, addresses: [10.0.0.9/24]}",
      ),
      [
        "ip link set eth0 mtu 1400",
        "ip link set eth0 up",
        "ip link set eth1 mtu 1400",
        "ip link set eth1 up",
        "ip link set eth2 up",
        "ip addr replace 10.0.0.9/24 dev eth2",
      ],
    ],
  ])("%s", (_name, text, steps) => {
    expect(plan(text).steps).toEqual(steps);
  });

  test("are DHCP on every card without a configuration", () => {
    expect(planLinks(dhcpEverywhere, cards).steps.map(describeStep)).toContain(
      "/usr/lib/kubesolo-os/services/links dhcp eth0 eth1 eth2",
    );
  });

  test("tell the name servers of all links, each once", () => {
    const { all } = plan(
      "{version: 1, config: [{type: physical, name: eth0, subnets: [{type: dhcp, dns_nameservers: [10.0.0.2, 10.0.0.3]}]}, {type: nameserver, address: [10.0.0.3], search: [a.b]}]}",
    );
    expect(all).toContainEqual({
      do: "note",
      path: "/run/kubesolo-os/links/000-configuration",
      content: "search a.b\nnameserver 10.0.0.3\nnameserver 10.0.0.2\n",
    });
  });
});

describe("a message", () => {
  test.each<[string, string, string[], boolean]>([
    [
      "says which links there are, when one isn't",
      v2("enp1s0: {dhcp4: true}"),
      [
        'no link fits "enp1s0"; there is eth0 52:54:00:00:00:02 (virtio_net), eth1 52:54:00:00:00:03 (e1000e), eth2 52:54:00:00:00:04 (virtio_net)',
      ],
      true,
    ],
    [
      "says what can't be made then",
      "{version: 2, ethernets: {eth0: {addresses: [10.0.0.9/24]}, eth8: {}}, vlans: {v5: {id: 5, link: eth8}}, bonds: {bond0: {interfaces: [eth8]}}, bridges: {br0: {interfaces: [bond0]}, br1: {}}}",
      [
        expect.stringContaining('no link fits "eth8"; there is eth0'),
        '"v5" isn\'t made: "eth8" isn\'t there',
        '"bond0" isn\'t made: "eth8" isn\'t there',
        '"br0" isn\'t made: "bond0" isn\'t there',
      ],
      false,
    ],
    [
      "says when several fit one name",
      v2("lan: {match: {name: 'eth*'}, set-name: lan0, addresses: [10.0.0.9/24]}"),
      ['3 links fit "lan", and one can be lan0: eth0 is'],
      false,
    ],
    [
      "says what was looked for",
      v2("lan: {match: {macaddress: '52:54:00:00:00:99', driver: igb}, addresses: [10.0.0.9/24]}"),
      [expect.stringContaining('no link fits "lan" (52:54:00:00:00:99, igb); there is')],
      true,
    ],
  ])("%s", (_name, text, messages, isEmpty) => {
    expect(plan(text)).toMatchObject({ messages, isEmpty });
  });

  test("isn't needed for a bond that lacks one of its links", () => {
    const { made, messages } = plan(
      "{version: 2, ethernets: {eth0: {}, eth1: {}}, bonds: {b: {interfaces: [eth0, eth1], addresses: [10.0.0.9/24]}}}",
      [card("eth0", 2)],
    );
    expect(made).toEqual(["b"]);
    expect(messages).toHaveLength(1);
  });
});

test.each([
  ["eth0", "eth*", true],
  ["eth0", "eth?", true],
  ["eth0", "e[a-t]h0", true],
  ["eth0", "eth[!1]", true],
  ["eth0.5", "eth0.5", true],
  ["eth0", "eth", false],
  ["eth0x5", "eth0.5", false],
  ["eth1", "eth[!1]", false],
  ["eth0", "[z-a]", false],
])("%s fits %s: %j", (text, pattern, expected) => {
  expect(isLike(text, pattern)).toBe(expected);
});

test.each([
  ["stars", `${"*".repeat(120)}x`],
  ["stars and letters", `${"*n".repeat(100)}x`],
  ["brackets", "[".repeat(250)],
  ["stars and marks", `${"*?".repeat(100)}x`],
])("a pattern of %s is held against a name in a moment", (_what, pattern) => {
  const startedMs = performance.now();
  expect(isLike("enp0s31f6np1nnn", pattern)).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
