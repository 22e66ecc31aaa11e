import { expect, test } from "vitest";
import {
  formatIp,
  formatNetwork,
  isInNetwork,
  parseIp,
  parseNetmask,
  parseNetwork,
  unusableReason,
} from "./addresses.ts";

test.each<[string, string | undefined]>([
  ["10.0.0.9", "10.0.0.9"],
  ["::", "::"],
  ["::1", "::1"],
  ["fd00::", "fd00::"],
  ["FD00:0:0:1:0:0:0:9", "fd00:0:0:1::9"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["::ffff:10.0.0.9", "::ffff:a00:9"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["10.0.0", undefined],
  ["10.0.0.256", undefined],
  ["10.0.0.09", undefined],
  ["10.0.0.9.1", undefined],
  ["1::2::3", undefined],
  ["1:2:3:4:5:6:7", undefined],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1:2:3:4:5:6:7::8", undefined],
  ["12345::", undefined],
  ["fe80::1%eth0", undefined],
  [":1", undefined],
  ["", undefined],
])("the address %j is %j", (text, expected) => {
  const ip = parseIp(text);
  expect(ip && formatIp(ip)).toBe(expected);
});

test.each<[string, string | undefined]>([
  ["10.0.0.9/24", "10.0.0.0/24"],
  ["10.0.0.200/25", "10.0.0.128/25"],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["fd00::9:1/64", "fd00::/64"],
  ["10.0.0.9", undefined],
  ["10.0.0.9/33", undefined],
  ["10.0.0.9/024", undefined],
  ["fd00::/129", undefined],
  ["10.0.0.9/24/8", undefined],
])("the network of %j is %j", (text, expected) => {
  const network = parseNetwork(text);
  expect(network && formatNetwork(network)).toBe(expected);
});

test.each<[string | number, 4 | 6, number | undefined]>([
  ["255.255.255.0", 4, 24],
  ["0.0.0.0", 4, 0],
  [24, 4, 24],
  ["64", 6, 64],
  ["ffff:ffff::", 6, 32],
  ["255.0.255.0", 4, undefined],
  ["255.255.255.0", 6, undefined],
  [33, 4, undefined],
  ["x", 4, undefined],
])("the netmask %j of IPv%i has %j bits", (mask, family, expected) => {
  expect(parseNetmask(mask, family)).toBe(expected);
});

test.each([
  ["10.0.0.1", "10.0.0.9/24", true],
  ["10.0.1.1", "10.0.0.9/24", false],
  ["10.0.1.1", "10.0.0.9/23", true],
  ["fd00::1", "fd00::9/64", true],
  ["fd00::1", "10.0.0.9/0", false],
])("%s in %s: %j", (ip, network, expected) => {
  const [a, b] = [parseIp(ip), parseNetwork(network)];
  expect(a && b && isInNetwork(a, b)).toBe(expected);
});

test.each<[string, string | undefined]>([
  ["10.0.0.9", undefined],
  ["127.0.0.1", "is the machine itself"],
  ["224.0.0.1", "is a multicast address"],
  ["255.255.255.255", "is reserved"],
  ["0.0.0.0", "stands for no address"],
  ["ff02::1", "is a multicast address"],
])("a link with %s: %j", (text, expected) => {
  const ip = parseIp(text);
  expect(ip && unusableReason(ip)).toBe(expected);
});
