import { expect, test } from "vitest";
import { planOf, v2 } from "../../../test/agent/networks.ts";
import { complain, parseDefaultRoutes, type Reach } from "./reach.ts";

const nothing: Reach = { defaultRoutes: [], leases: [], connected: [] };
const route = (isAlive: boolean) => ({
  defaultRoutes: [{ link: "eth0", gateway: "10.0.0.1", isAlive }],
  connected: ["eth0"],
});
const fixed = "eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1}";
const alone = "eth0: {addresses: [10.0.0.9/24]}";
const dhcp = "eth0: {dhcp4: true}";

test.each<[string, string, Partial<Reach>, string | undefined]>([
  ["an answering gateway is all it takes", fixed, route(true), undefined],
  ["a gateway that is silent isn't", fixed, route(false), "the gateway 10.0.0.1 doesn't answer"],
  [
    "a route that could not be set isn't",
    fixed,
    { connected: ["eth0"] },
    "the gateway 10.0.0.1 doesn't answer",
  ],
  ["a DHCP server's answer is enough", dhcp, { leases: ["eth0"] }, undefined],
  ["without one there is no network", dhcp, {}, "no DHCP server answers"],
  [
    "another link's answer doesn't stand for a gateway",
    `${fixed}, eth1: {dhcp4: true}`,
    { ...route(false), leases: ["eth1"] },
    "the gateway 10.0.0.1 doesn't answer",
  ],
  ["a site without a gateway needs a cable only", alone, { connected: ["eth0"] }, undefined],
  ["but a cable", alone, {}, "no link with an address has a cable"],
  [
    "a gateway of IPv6 need not answer: the engine is IPv4's",
    "eth0: {addresses: [10.0.0.9/24, 'fd00::9/64'], gateway6: 'fd00::1'}",
    { connected: ["eth0"] },
    undefined,
  ],
  [
    "name servers that are silent spoil it",
    fixed,
    { ...route(true), hasDns: false },
    "no name server answers",
  ],
  ["one that answers doesn't", fixed, { ...route(true), hasDns: true }, undefined],
])("%s", (_name, links, reach, expected) => {
  expect(complain(planOf(v2(links)), { ...nothing, ...reach })).toBe(expected);
});

test("default routes come from the kernel's table, the one that counts first", () => {
  const table = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth1\t00000000\t0101000A\t0003\t0\t0\t103\t00000000\t0\t0\t0
eth0\t00000000\t0202000A\t0003\t0\t0\t102\t00000000\t0\t0\t0
eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth2\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0
`;
  expect(parseDefaultRoutes(table)).toEqual([
    { link: "eth0", gateway: "10.0.2.2" },
    { link: "eth1", gateway: "10.0.1.1" },
  ]);
});
