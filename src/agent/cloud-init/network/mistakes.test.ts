import { describe, expect, test } from "vitest";
import { check, say, v1, v2 } from "../../../../test/agent/networks.ts";

describe("an error", () => {
  test.each<[string, string, string[]]>([
    ["no version", "ethernets: {}", ["error version: is missing (version: 2, it seems)"]],
    ["no version beside a list", "config: []", ["error version: is missing (version: 1, it seems)"]],
    ["another version", "version: 3", ["error version: there is no version 3 (1 or 2)"]],
    ["no list in version 1", "version: 1", ["error config: is missing"]],
    [
      "a place below network",
      "network: {version: 2, ethernets: 5}",
      ["error network.ethernets: must be a mapping of links, not 5"],
    ],
    [
      "wireless links",
      "{version: 2, wifis: {wlan0: {dhcp4: true}}}",
      [
        "warning wifis: no effect: wireless links aren't supported: the system has no wpa_supplicant",
        "error : there is no link in it: nobody could reach the node (links stand below ethernets in version 2, and in the list of config in version 1)",
      ],
    ],
    [
      "several in one link, all of them",
      v2(
        "eth0: {dhcp4: maybe, addresses: [10.0.0.9, 10.0.0.300/24, 127.0.0.1/8], mtu: 10, auth: {key-management: psk}}",
      ),
      [
        "error ethernets.eth0.auth: 802.1X isn't supported: the system has no wpa_supplicant",
        'error ethernets.eth0.dhcp4: must be true or false, not "maybe"',
        "error ethernets.eth0.mtu: must be a number from 68 to 65535, not 10",
        'error ethernets.eth0.addresses.0: "10.0.0.9" lacks the length of its network: "10.0.0.9/24", say',
        'error ethernets.eth0.addresses.1: "10.0.0.300/24" is no address with a length, such as 10.0.0.9/24',
        'error ethernets.eth0.addresses.2: no link can have the address "127.0.0.1/8": it is the machine itself',
      ],
    ],
    [
      "a link with a name that no schema takes",
      v2("constructor: {dhcp4: true}"),
      ['error ethernets.constructor: "constructor" can\'t be a name here'],
    ],
    [
      "a MAC address that YAML reads as a number",
      v2("eth0: {macaddress: 52:54:00:12:34:56}"),
      [
        'error ethernets.eth0.macaddress: must be a MAC address such as 52:54:00:12:34:56, not 52:54:00:12:34:56, which YAML reads as 41135085296 (put it in quotes: "52:54:00:12:34:56")',
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
        "warning ethernets.eth0.dhcp6: there is no DHCPv6 client; addresses that routers announce are taken",
        "error ethernets: no link gets an IPv4 address: the engine needs one (dhcp4: true, or addresses)",
      ],
    ],
    [
      "nothing for the engine",
      v2("eth0: {addresses: ['fd00::9/64']}"),
      ["error ethernets: no link gets an IPv4 address: the engine needs one (dhcp4: true, or addresses)"],
    ],
    [
      "a route to what is no network",
      v2("eth0: {dhcp4: true, routes: [{to: 10.8.0.9/33, via: 10.0.0.1}]}"),
      ['error ethernets.eth0.routes.0.to: "10.8.0.9/33" is no network, such as 10.0.0.0/8, nor "default"'],
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
        'error vlans.averyveryverylongname: must be a link\'s name of 1 to 15 characters without space, "/" or ":", not "averyveryverylongname"',
        "error vlans.averyveryverylongname.id: must be a number from 1 to 4094, not 4095",
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
        "warning config.1.type: no effect: the loopback link is the system's own",
        'error config.0.type: must be one of physical, vlan, bond, bridge, nameserver, route, not "phisical" (did you mean "physical"?)',
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
        'error config.0.subnets.0.type: must be one of dhcp, dhcp4, static, static6, manual, dhcp6, ipv6_slaac, ipv6_dhcpv6-stateless, ipv6_dhcpv6-stateful, not "dhcpv4" (did you mean "dhcp4"?)',
        "error config.0.subnets.1.address: is missing",
        'error config.0.subnets.2.netmask: "255.0.255.0" is no netmask for IPv4',
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
