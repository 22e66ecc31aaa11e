// The kernel's `ip=` words: 50-network, and links that show up later.
import { describe, expect, test } from "vitest";
import { dhcpOn, links, routes } from "./links.ts";
import { runScript, type ScriptSetup } from "./script.ts";

const boot = (cmdline = "", env = {}) => runScript("stages/50-network", { cmdline, files: links, env });

describe("50-network", () => {
  test.each<[string, string, string[], string[]]>([
    ["asks on every wired link", "", ["eth0", "eth1"], []],
    [
      "sets an address by the command line on the first link and asks on the others",
      "ip=10.0.0.9::10.0.0.1:255.255.255.0",
      ["eth1"],
      ["ip addr replace 10.0.0.9/24 dev eth0", "ip route replace default via 10.0.0.1 dev eth0 metric 102"],
    ],
    [
      "sets one on the link that is named",
      "ip=10.0.0.9:::255.255.0.0::eth1:none",
      ["eth0"],
      ["ip addr replace 10.0.0.9/16 dev eth1"],
    ],
    [
      "takes several",
      "ip=10.0.0.9:::24::eth1:none ip=192.168.1.2",
      [],
      ["ip addr replace 10.0.0.9/24 dev eth1", "ip addr replace 192.168.1.2/24 dev eth0"],
    ],
    ["asks on every link with ip=dhcp", "ip=dhcp", ["eth0", "eth1"], []],
    ["asks on none with ip=off", "ip=off", [], []],
    ["asks only on the link that is named", "ip=:::::eth1:dhcp ip=off", ["eth1"], []],
    ["leaves a link alone that is named", "ip=:::::eth0:off", ["eth1"], []],
  ])("%s", (_name, cmdline, expectedDhcp, expectedRoutes) => {
    const { calls, exitCode } = boot(cmdline);
    expect(exitCode).toBe(0);
    expect(calls).toContain("ip link set eth0 up");
    expect(dhcpOn(calls)).toEqual(expectedDhcp);
    expect(routes(calls)).toEqual(expectedRoutes);
  });

  test.each([
    ["no address", "ip=:::255.255.255.0:::static", "no address"],
    ["a name for an address", "ip=box::10.0.0.1:24", "box is no IPv4 address"],
    ["a byte too large", "ip=10.0.0.256", "10.0.0.256 is no IPv4 address"],
    ["too few bytes", "ip=10.0.9::", "10.0.9 is no IPv4 address"],
    ["too many bytes", "ip=10.0.0.9.1::", "10.0.0.9.1 is no IPv4 address"],
    ["an octal byte", "ip=10.0.0.010::", "10.0.0.010 is no IPv4 address"],
    ["a netmask with a hole", "ip=10.0.0.9:::255.0.255.0", "255.0.255.0 is no netmask"],
    ["a netmask that is none", "ip=10.0.0.9:::33", "33 is no netmask"],
    ["a gateway that is none", "ip=10.0.0.9::gw:24", "gw is no IPv4 address"],
    [
      "a gateway elsewhere",
      "ip=10.0.0.9::10.0.1.1:24",
      "the gateway 10.0.1.1 is not in the network of 10.0.0.9",
    ],
    ["a name server that is none", "ip=10.0.0.9:::24::eth0:none:dns", "dns is no IPv4 address"],
    ["an unknown method", "ip=10.0.0.9:::24::eth0:magic", "magic is no way to get an address"],
    ["an unknown word", "ip=fast", "fast is no IPv4 address"],
    ["no address beside a netmask", "ip=:::24::eth0:none", "no address"],
  ])("uses DHCP after %s, and says so", (_name, cmdline, message) => {
    const { calls, messages } = boot(cmdline);
    expect(messages[0]).toContain(message);
    expect(messages[0]).toContain("; using DHCP");
    expect(dhcpOn(calls)).toEqual(["eth0", "eth1"]);
  });

  test("says when the link named isn't there", () => {
    const { calls, messages } = boot("ip=10.0.0.9:::24::eth7:none");
    expect(messages[0]).toContain("there is no link eth7");
    expect(dhcpOn(calls)).toEqual(["eth0", "eth1"]);
  });

  test("keeps the host name and the servers of the command line", () => {
    const { file } = boot("ip=10.0.0.9:::24:kiosk:eth0:none:10.0.0.2:10.0.0.3:10.0.0.4");
    expect(file("run/kubesolo-os/hostname")).toBe("kiosk\n");
    expect(file("run/resolv.conf")).toBe("nameserver 10.0.0.2\nnameserver 10.0.0.3\n");
    expect(file("run/kubesolo-os/ntp-servers")).toBe("10.0.0.4\n");
  });

  test("goes on when nobody answers, and says so", () => {
    const { exitCode, messages } = runScript("stages/50-network", { files: links, after: "wait_for_lease" });
    expect(exitCode).toBe(0);
    expect(messages).toEqual(["init: 50-network: no DHCP answer yet; going on without"]);
  });

  test.each([
    ["an address by the command line is enough", "ip=10.0.0.9"],
    ["no link asks", "ip=off"],
  ])("waits for nobody when %s", (_name, cmdline) => {
    expect(
      runScript("stages/50-network", { cmdline, files: links, after: "wait_for_lease" }).messages,
    ).toEqual([]);
  });

  test("goes on when no DHCP client starts, and says so", () => {
    const { exitCode, messages } = boot("", { FAILING: "udhcpc" });
    expect(exitCode).toBe(0);
    expect(messages).toContain("init: 50-network: no DHCP client for eth0");
  });

  test("goes on without any link, and says so", () => {
    const { exitCode, messages } = runScript("stages/50-network", {
      files: { "run/x": "", "sys/class/net/lo/x": "" },
    });
    expect(exitCode).toBe(0);
    expect(messages).toEqual(["init: 50-network: no wired network link"]);
  });
});

describe("a link that shows up later", () => {
  const late = (cmdline: string, taken: ScriptSetup["files"], words = "") =>
    runScript("lib/link-setup.sh", {
      cmdline,
      files: { ...links, "run/kubesolo-os/ip-words": words, ...taken },
      after: `. "$LIB/network.sh"; . "$LIB/ip-word.sh"; take_new_links`,
    });
  const eth0 = { "run/kubesolo-os/taken/eth0": "2 \n" };
  const both = { ...eth0, "run/kubesolo-os/taken/eth1": "3 \n" };

  test("asks, and the others are left alone", () => {
    const { calls } = late("", eth0);
    expect(calls[0]).toBe("ip link set eth1 up");
    expect(dhcpOn(calls)).toEqual(["eth1"]);
  });

  test("takes the word that is left for it", () => {
    const { calls, messages } = late("", eth0, "10.0.0.9:::24::eth1:none\n");
    expect(messages).toEqual([]);
    expect(dhcpOn(calls)).toEqual([]);
    expect(routes(calls)).toEqual(["ip addr replace 10.0.0.9/24 dev eth1"]);
  });

  test("stays alone when the command line says so of all links", () => {
    expect(dhcpOn(late("", eth0, "off\n").calls)).toEqual([]);
  });

  test("is nothing new when it has been set up", () => {
    expect(late("", both, "10.0.0.9\n")).toMatchObject({ calls: [], messages: [] });
  });

  test("is another one when it was unplugged meanwhile, and takes the same word", () => {
    const again = {
      ...both,
      "run/kubesolo-os/taken/eth1": "9 10.0.0.9:::24::eth1:none\n",
      "run/kubesolo-os/links/102-eth0": "nameserver 10.0.0.2\n",
      "run/kubesolo-os/links/109-eth1": "nameserver 10.0.0.3\n",
      "run/udhcpc.eth1.pid": "42\n",
    };
    const { calls, file } = late("", again);
    expect(calls[0]).toBe("kill 42");
    expect(routes(calls)).toEqual(["ip addr replace 10.0.0.9/24 dev eth1"]);
    expect(file("run/resolv.conf")).toBe("nameserver 10.0.0.2\n");
  });

  test("leaves its word behind at boot when it isn't there yet", () => {
    const after = 'cat "$STATE/ip-words"';
    const { output } = runScript("stages/50-network", {
      cmdline: "ip=10.0.0.9:::24::eth7:none",
      files: links,
      after,
    });
    expect(output.trim()).toBe("10.0.0.9:::24::eth7:none");
  });
});
