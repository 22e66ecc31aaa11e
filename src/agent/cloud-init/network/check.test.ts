import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { PlannedLink } from "../../network/plan.ts";
import { checkNetwork } from "./check.ts";

const check = (text: string) => checkNetwork(parse(text, { version: "1.1" }));
const say = ({ severity, path, message, hint }: ReturnType<typeof check>["problems"][number]) =>
  `${severity} ${path.join(".")}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
const physical = (link: Partial<PlannedLink> & { id: string }) => ({
  kind: { type: "physical", match: { name: link.id } },
  ...link,
});
const v2 = (links: string) => `{version: 2, ethernets: {${links}}}`;
const v1 = (links: string) => `{version: 1, config: [${links}]}`;

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

describe("an error", () => {
  test.each<[string, string, string[]]>([
    ["no mapping", "[]", ["error : must be a mapping, not a list"]],
    ["no version", "ethernets: {}", ["error version: is missing (version: 2, it seems)"]],
    ["no version beside a list", "config: []", ["error version: is missing (version: 1, it seems)"]],
    ["another version", "version: 3", ["error version: there is no version 3 (1 or 2)"]],
    ["no list in version 1", "version: 1", ["error config: is missing"]],
    [
      "a place below network",
      "network: {version: 2, ethernets: 5}",
      ["error network.ethernets: must be a mapping, not 5"],
    ],
    [
      "wireless links",
      "{version: 2, wifis: {}}",
      ["error wifis: wireless links aren't supported: the system has no wpa_supplicant"],
    ],
    [
      "several in one link, all of them",
      v2("eth0: {dhcp4: maybe, addresses: [10.0.0.9, 10.0.0.300/24, 127.0.0.1/8], mtu: 10, auth: {}}"),
      [
        'error ethernets.eth0.dhcp4: must be true or false, not "maybe"',
        "error ethernets.eth0.mtu: must be a number from 68 to 65535, not 10",
        "error ethernets.eth0.auth: 802.1X isn't supported: the system has no wpa_supplicant",
        'error ethernets.eth0.addresses.0: "10.0.0.9" lacks the length of its network: "10.0.0.9/24", say',
        'error ethernets.eth0.addresses.1: "10.0.0.300/24" is no address with a length, such as 10.0.0.9/24',
        'error ethernets.eth0.addresses.2: no link can have the address "127.0.0.1/8": it is the machine itself',
      ],
    ],
    [
      "a MAC address that YAML reads as a number",
      v2("eth0: {macaddress: 52:54:00:12:34:56}"),
      [
        "error ethernets.eth0.macaddress: must be a MAC address; YAML reads this one as a number: put it in quotes",
      ],
    ],
    [
      "the MAC address of a group",
      v2("eth0: {macaddress: '01:00:5e:00:00:01'}"),
      ['error ethernets.eth0.macaddress: no link can have the MAC address "01:00:5e:00:00:01"'],
    ],
    [
      "a name without what it names",
      v2("eth0: {set-name: lan0}"),
      [
        "error ethernets.eth0.set-name: a link is renamed only with match (say which one: match: {macaddress: …})",
      ],
    ],
    [
      "DHCPv6 alone",
      v2("eth0: {dhcp6: true}"),
      [
        "error ethernets.eth0.dhcp6: there is no DHCPv6 client; addresses that routers announce are taken, but the engine needs IPv4 (add dhcp4: true, or addresses)",
      ],
    ],
    [
      "a route to an address inside a network",
      v2("eth0: {dhcp4: true, routes: [{to: 10.8.0.9/16, via: 10.0.0.1}]}"),
      [
        'error ethernets.eth0.routes.0.to: "10.8.0.9/16" is an address in a network, not a network (the network is 10.8.0.0/16)',
      ],
    ],
    [
      "another routing table",
      v2("eth0: {dhcp4: true, routes: [{to: 10.8.0.0/16, via: 10.0.0.1, table: 7}]}"),
      ["error ethernets.eth0.routes.0.table: other routing tables aren't supported"],
    ],
    [
      "a gateway of the other family",
      v2("eth0: {dhcp4: true, routes: [{to: 10.8.0.0/16, via: 'fd00::1'}]}"),
      ['error ethernets.eth0.routes.0: 10.8.0.0/16 and its gateway "fd00::1" are not of one family'],
    ],
    [
      "a gateway that is the link itself",
      v2("eth0: {addresses: [10.0.0.1/24], gateway4: 10.0.0.1}"),
      ['error ethernets.eth0.gateway4: the gateway "10.0.0.1" is the link\'s own address'],
    ],
    [
      "an address given twice",
      v2("eth0: {addresses: [10.0.0.9/24]}, eth1: {addresses: [10.0.0.9/16]}"),
      ['error ethernets.eth1.addresses.0: "10.0.0.9/16" is given twice: to "eth0", too'],
    ],
    [
      "one card meant twice",
      v2("a: {match: {macaddress: '02:00:00:00:00:01'}}, b: {match: {macaddress: '02:00:00:00:00:01'}}"),
      ["error ethernets.b: two links are to be the one with the MAC address 02:00:00:00:00:01"],
    ],
    [
      "a link that isn't there, an id out of range, a name too long",
      "{version: 2, ethernets: {eth0: {}}, vlans: {averyveryverylongname: {id: 4095, link: eth0}, v6: {id: 6, link: eth9}}}",
      [
        "error vlans.averyveryverylongname.id: must be a number from 1 to 4094, not 4095",
        'error vlans.averyveryverylongname: must be a link\'s name of 1 to 15 characters without space, "/" or ":", not "averyveryverylongname"',
        'error vlans.v6.link: there is no link "eth9" (the links are eth0, v6, averyveryverylongname; a card needs an entry, too)',
      ],
    ],
    [
      "one VLAN twice",
      "{version: 2, ethernets: {e: {}}, vlans: {a: {id: 5, link: e}, b: {id: 5, link: e}}}",
      ['error vlans.b: "e" has the VLAN 5 already'],
    ],
    [
      "links made of each other",
      "{version: 2, bridges: {a: {interfaces: [b]}, b: {interfaces: [a]}}}",
      ['error bridges.a: made of each other, in a circle: "a", "b"'],
    ],
    [
      "a member of two, with an address",
      "{version: 2, ethernets: {e: {dhcp4: true}}, bridges: {a: {interfaces: [e]}, b: {interfaces: [e]}}}",
      [
        'error bridges.b.interfaces.0: "e" is already part of "a"',
        'error ethernets.e: "e" is part of "a": it can have no address (give the address to "a")',
      ],
    ],
    [
      "a bond's unknown mode, and one of nothing",
      "{version: 2, bonds: {a: {interfaces: [], parameters: {mode: fast}}}}",
      [
        'error bonds.a.parameters.mode: must be one of balance-rr, active-backup, balance-xor, broadcast, 802.3ad, balance-tlb, balance-alb, not "fast"',
        "error bonds.a: a bond needs links that it is made of",
      ],
    ],
    [
      "a primary that is no member",
      "{version: 2, ethernets: {e: {}}, bonds: {a: {interfaces: [e], parameters: {mode: active-backup, primary: f}}}}",
      ['error bonds.a: the bond\'s primary "f" is not part of it'],
    ],
    [
      "unknown types in version 1",
      v1("{type: phisical, name: a}, {type: loopback, name: lo}, {name: b}, x"),
      [
        'error config.0.type: unknown type "phisical" (did you mean "physical"?)',
        "error config.1.type: the loopback link is the system's own (leave it out)",
        "error config.2.type: is missing (one of physical, vlan, bond, bridge, nameserver, route)",
        'error config.3: must be a mapping with a type, not "x"',
      ],
    ],
    [
      "wrong subnets in version 1",
      v1(
        "{type: physical, name: a, subnets: [{type: dhcpv4}, {type: static}, {type: static, address: 10.0.0.9, netmask: 255.0.255.0}, {type: static, address: 10.0.0.8, pointopoint: 10.0.0.1}]}",
      ),
      [
        "error config.0.subnets.3.pointopoint: point-to-point addresses aren't supported",
        "error config.0.subnets.1.address: is missing",
        'error config.0.subnets.2.netmask: "255.0.255.0" is no netmask for IPv4',
        "warning config.0.subnets.3.address: no netmask: /24 is taken, as cloud-init does",
        'error config.0.subnets.0.type: unknown type "dhcpv4" (did you mean "dhcp4"?)',
      ],
    ],
    [
      "a route nobody can have, and a name server's unknown link",
      v1(
        "{type: physical, name: a, subnets: [{type: static, address: 10.0.0.9/24}]}, {type: nameserver, address: 1.1.1.1, interface: b}, {type: route, destination: 10.8.0.0/16, gateway: 10.9.0.1}",
      ),
      ['error config.1.interface: there is no link "b"'],
    ],
    [
      "a route whose gateway is in nobody's network",
      v1(
        "{type: physical, name: a, subnets: [{type: static, address: 10.0.0.9/24}]}, {type: route, destination: 10.8.0.0/16, gateway: 10.9.0.1}",
      ),
      [
        "error config.1: no link has the gateway of 10.8.0.0/16 in its network (write the route into its link's subnet)",
      ],
    ],
  ])("is %s", (_name, text, expected) => {
    const { plan, problems } = check(text);
    expect(problems.map(say)).toEqual(expected);
    expect(plan).toBeUndefined();
  });
});

describe("a warning", () => {
  test.each<[string, string, string[]]>([
    [
      "an unknown key",
      v2("eth0: {dhcp4: true, adresses: []}"),
      ['warning ethernets.eth0.adresses: unknown key "adresses" (did you mean "addresses"?)'],
    ],
    [
      "DHCPv6 beside DHCP",
      v2("eth0: {dhcp4: true, dhcp6: true}"),
      ["warning ethernets.eth0.dhcp6: there is no DHCPv6 client; addresses that routers announce are taken"],
    ],
    [
      "what the system doesn't do",
      v2(
        "eth0: {dhcp4: true, renderer: NetworkManager, wakeonlan: true, emit-lldp: true, dhcp-identifier: duid}",
      ),
      [
        "warning ethernets.eth0.emit-lldp: is not used: the system doesn't speak LLDP",
        'warning ethernets.eth0.renderer: renderer "NetworkManager" is not used: the system sets its links up itself',
        "warning ethernets.eth0.wakeonlan: is not used: the card's own setting stays",
        'warning ethernets.eth0.dhcp-identifier: "duid" is not used: the DHCP client tells its MAC address',
      ],
    ],
    [
      "a gateway elsewhere",
      v2("eth0: {addresses: [10.0.0.9/24], gateway4: 10.9.0.1}"),
      [
        'warning ethernets.eth0.gateway4: the gateway "10.9.0.1" is in no network of "eth0" (on-link: true, if it is on the cable all the same)',
      ],
    ],
    [
      "a network for an address",
      v2("eth0: {addresses: [10.0.0.0/24, 10.0.1.255/24]}"),
      [
        'warning ethernets.eth0.addresses.0: "10.0.0.0/24" is the network itself, not an address in it',
        'warning ethernets.eth0.addresses.1: "10.0.1.255/24" is the broadcast address of its network',
      ],
    ],
    [
      "a parameter without meaning in the bond's mode",
      "{version: 2, ethernets: {e: {}}, bonds: {b: {interfaces: [e], dhcp4: yes, parameters: {mode: active-backup, lacp-rate: slow}}}}",
      ['warning bonds.b.parameters: "lacp_rate" has no meaning in mode active-backup (it has in 802.3ad)'],
    ],
    [
      "nothing for the engine",
      v2("eth0: {addresses: ['fd00::9/64']}"),
      ["warning ethernets: no link gets an IPv4 address: the engine needs one (dhcp4: true, or addresses)"],
    ],
    [
      "a VLAN's mtu beyond its link's",
      "{version: 2, ethernets: {e: {dhcp4: yes}}, vlans: {v: {id: 5, link: e, mtu: 9000}}}",
      ['warning vlans.v: mtu 9000 is more than that of "e"'],
    ],
    [
      "control by hand in version 1",
      v1(
        "{type: physical, name: a, auto: false, subnets: [{type: dhcp, control: manual, broadcast: 1.2.3.4}]}",
      ),
      [
        "warning config.0.subnets.0.broadcast: is not used: the kernel knows it from the netmask",
        "warning config.0.subnets.0.control: is not used: nobody could bring the link up later; it is brought up at the boot",
        "warning config.0.auto: is not used: nobody could bring the link up later; it is brought up at the boot",
      ],
    ],
  ])("is %s", (_name, text, expected) => {
    const { plan, problems } = check(text);
    expect(problems.map(say)).toEqual(expected);
    expect(plan).toBeDefined();
  });

  test("is a network that is left to the device", () => {
    expect(check("config: disabled")).toEqual({
      problems: [expect.objectContaining({ severity: "warning", path: ["config"] })],
    });
  });
});
