import { describe, expect, test } from "vitest";
import { check, v1, v2 } from "../../../../test/agent/networks.ts";
import type { PlannedLink } from "../../network/plan.ts";

const physical = (link: Partial<PlannedLink> & { id: string }) => ({
  kind: { type: "physical", match: { name: link.id } },
  ...link,
});

describe("a plan", () => {
  test.each<[string, string, object[]]>([
    ["has a link with DHCP", v2("eth0: {dhcp4: true}"), [physical({ id: "eth0", dhcp4: true })]],
    ["takes yes for true", v2("eth0: {dhcp4: 'yes'}"), [physical({ id: "eth0", dhcp4: true })]],
    [
      "has a fixed address with its gateway",
      v2("eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1}"),
      [
        physical({
          id: "eth0",
          dhcp4: false,
          addresses: ["10.0.0.9/24"],
          routes: [{ to: "0.0.0.0/0", via: "10.0.0.1", onLink: false }],
        }),
      ],
    ],
    [
      "has IPv6 beside it",
      v2("eth0: {addresses: [10.0.0.9/24, 'fd00::9/64'], routes: [{to: default, via: 'fd00::1'}]}"),
      [
        physical({
          id: "eth0",
          addresses: ["10.0.0.9/24", "fd00::9/64"],
          routes: [{ to: "::/0", via: "fd00::1", onLink: false }],
        }),
      ],
    ],
    [
      "has routes of every form",
      v2(
        "eth0: {addresses: [10.0.0.9/24], routes: [{to: 0.0.0.0/0, via: 10.0.0.1, metric: 5}, {to: 10.9.0.1, via: 10.0.0.2}, {to: 10.8.0.0/16, via: 9.9.9.9, on-link: true}, {to: 10.7.0.0/16}]}",
      ),
      [
        {
          routes: [
            { to: "0.0.0.0/0", via: "10.0.0.1", metric: 5, onLink: false },
            { to: "10.9.0.1/32", via: "10.0.0.2", onLink: false },
            { to: "10.8.0.0/16", via: "9.9.9.9", onLink: true },
            { to: "10.7.0.0/16", onLink: false },
          ],
        },
      ],
    ],
    [
      "finds a link by its MAC address and renames it",
      v2("lan: {match: {macaddress: '52:54:00:AA:BB:CC'}, set-name: lan0, dhcp4: true}"),
      [
        {
          id: "lan",
          kind: { type: "physical", match: { macAddress: "52:54:00:aa:bb:cc" }, setName: "lan0" },
        },
      ],
    ],
    [
      "finds links by pattern and driver",
      v2("all: {match: {name: 'e*', driver: [e1000e, 'virtio*']}, dhcp4: true}"),
      [{ kind: { type: "physical", match: { name: "e*", driver: "e1000e virtio*" } } }],
    ],
    ["takes any wired link", v2("all: {match: {}, dhcp4: true}"), [{ kind: { match: {} } }]],
    [
      "knows what of DHCP isn't wanted",
      v2(
        "eth0: {dhcp4: true, dhcp4-overrides: {use-dns: false, use-routes: no, use-ntp: false, use-domains: no, route-metric: 50, use-mtu: false}}",
      ),
      [{ dhcp: { useRoutes: false, useDns: false, useNtp: false, useDomains: false, metric: 50 } }],
    ],
    [
      "has what a link is set to",
      v2(
        "eth0: {dhcp4: true, mtu: 9000, macaddress: '02:00:00:00:00:01', optional: true, accept-ra: no, renderer: networkd, critical: true, wakeonlan: false, dhcp-identifier: mac, link-local: [ipv6]}",
      ),
      [{ mtu: 9000, macAddress: "02:00:00:00:00:01", isOptional: true, acceptRa: false }],
    ],
    [
      "has name servers of a link",
      v2("eth0: {dhcp4: true, nameservers: {addresses: [10.0.0.2, 10.0.0.2], search: [example.org]}}"),
      [{ nameservers: ["10.0.0.2"], search: ["example.org"] }],
    ],
    [
      "makes links after those that they are made of",
      "{version: 2, vlans: {v5: {id: 5, link: br0}}, bridges: {br0: {interfaces: [bond0], parameters: {stp: no, forward-delay: 2}, dhcp4: true}}, bonds: {bond0: {interfaces: [eth0, eth1], parameters: {mode: 802.3ad, lacp-rate: fast, mii-monitor-interval: 1s}}}, ethernets: {eth0: {}, eth1: }}",
      [
        physical({ id: "eth0" }),
        physical({ id: "eth1" }),
        {
          id: "bond0",
          kind: {
            type: "bond",
            members: ["eth0", "eth1"],
            parameters: { mode: "802.3ad", lacp_rate: "fast", miimon: "1000" },
          },
        },
        {
          id: "br0",
          kind: { type: "bridge", members: ["bond0"], parameters: { stp_state: "0", forward_delay: "200" } },
        },
        { id: "v5", kind: { type: "vlan", parent: "br0", vlanId: 5 } },
      ],
    ],
    [
      "watches a bond's links, if nothing is said of it",
      "{version: 2, ethernets: {eth0: {}}, bonds: {bond0: {interfaces: [eth0], parameters: {mode: active-backup}, dhcp4: yes}}}",
      [{}, { kind: { parameters: { mode: "active-backup", miimon: "100" } } }],
    ],
    [
      "is the same from version 1",
      v1(
        "{type: physical, name: eth0, subnets: [{type: static, address: 10.0.0.9, netmask: 255.255.255.0, gateway: 10.0.0.1, dns_nameservers: 10.0.0.2, dns_search: [a.b]}]}",
      ),
      [
        physical({
          id: "eth0",
          addresses: ["10.0.0.9/24"],
          routes: [{ to: "0.0.0.0/0", via: "10.0.0.1", onLink: false }],
          nameservers: ["10.0.0.2"],
          search: ["a.b"],
        }),
      ],
    ],
    [
      "names a card of version 1 by its MAC address",
      v1(
        "{type: physical, name: lan0, mac_address: '52:54:00:12:34:56', mtu: 1400, subnets: [{type: dhcp4, metric: 7, control: auto}]}",
      ),
      [
        {
          kind: { type: "physical", match: { macAddress: "52:54:00:12:34:56" }, setName: "lan0" },
          mtu: 1400,
          dhcp4: true,
          dhcp: { metric: 7 },
        },
      ],
    ],
    [
      "has version 1's bond, with numbers and either stroke",
      v1(
        "{type: physical, name: eth0}, {type: bond, name: bond0, bond_interfaces: [eth0], params: {bond-mode: 1, bond_miimon: 200, bond-primary: eth0}, subnets: [{type: dhcp}]}",
      ),
      [{}, { kind: { parameters: { mode: "active-backup", miimon: "200", primary: "eth0" } } }],
    ],
    [
      "has version 1's bridge and VLAN",
      v1(
        "{type: physical, name: eth0}, {type: bridge, name: br0, bridge_interfaces: [eth0], params: {bridge_stp: 'off', bridge_fd: 0}, subnets: [{type: dhcp}]}, {type: vlan, name: br0.7, vlan_link: br0, vlan_id: 7}",
      ),
      [
        {},
        { kind: { type: "bridge", members: ["eth0"], parameters: { stp_state: "0", forward_delay: "0" } } },
        { kind: { type: "vlan", parent: "br0", vlanId: 7 } },
      ],
    ],
    [
      "gives version 1's routes to the link that has their gateway",
      v1(
        "{type: physical, name: eth0, subnets: [{type: dhcp}]}, {type: physical, name: eth1, subnets: [{type: static, address: 10.1.0.9/24}]}, {type: route, destination: 10.8.0.0, netmask: 255.255.0.0, gateway: 10.1.0.1}, {type: nameserver, address: 10.1.0.2, interface: eth1}",
      ),
      [
        { routes: [] },
        { routes: [{ to: "10.8.0.0/16", via: "10.1.0.1", onLink: false }], nameservers: ["10.1.0.2"] },
      ],
    ],
  ])("%s", (_name, text, links) => {
    const { plan, problems } = check(text);
    expect(problems).toEqual([]);
    expect(plan?.links).toMatchObject(links);
  });

  test("has version 1's name servers for all links", () => {
    const { plan } = check(
      v1(
        "{type: physical, name: e, subnets: [{type: dhcp}]}, {type: nameserver, address: [1.1.1.1], search: a.b}",
      ),
    );
    expect(plan).toMatchObject({ nameservers: ["1.1.1.1"], search: ["a.b"] });
  });

  test("may stand below network, as in a network-config file", () => {
    expect(check(`network: ${v2("eth0: {dhcp4: true}")}`).plan?.links).toHaveLength(1);
  });
});
