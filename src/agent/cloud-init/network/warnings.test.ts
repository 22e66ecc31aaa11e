import { describe, expect, test } from "vitest";
import { check, say, v1, v2 } from "../../../../test/agent/networks.ts";

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
        "warning ethernets.eth0.renderer: no effect: the system sets its links up itself",
        "warning ethernets.eth0.wakeonlan: no effect: the card's own setting stays",
        "warning ethernets.eth0.emit-lldp: no effect: the system doesn't speak LLDP",
        "warning ethernets.eth0.dhcp-identifier: no effect: the DHCP client tells its MAC address",
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
        "warning config.0.auto: no effect: nobody could bring the link up later; it is brought up at the boot",
        "warning config.0.subnets.0.broadcast: no effect: the kernel knows it from the netmask",
        "warning config.0.subnets.0.control: no effect: nobody could bring the link up later; it is brought up at the boot",
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
