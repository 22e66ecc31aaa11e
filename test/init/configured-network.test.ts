// The network of a node's configuration, which is the agent's: what 50-network leaves to it, and what it has done in sh.
import { describe, expect, test } from "vitest";
import { dhcpOn, links, routes } from "./links.ts";
import { runScript, type ScriptSetup } from "./script.ts";

describe("a network that the agent has set up", () => {
  const configured = { ...links, "run/kubesolo-os/network-done": "" };
  const withDhcp = { ...configured, "run/kubesolo-os/dhcp/eth0": "order 100\n" };
  const lease = { "run/kubesolo-os/links/100-eth0": "" };
  const boot50 = (files: ScriptSetup["files"]) =>
    runScript("stages/50-network", { files: { ...files }, after: "wait_for_lease" });

  test("is left as it is, and watched", () => {
    const { calls, messages } = boot50(configured);
    expect(calls).toContain("agent network guard");
    expect([...dhcpOn(calls), ...routes(calls)]).toEqual([]);
    expect(messages).toEqual([]);
  });

  test("is waited for when it asks by DHCP", () => {
    expect(boot50(withDhcp).messages).toEqual(["init: 50-network: no DHCP answer yet; going on without"]);
    expect(boot50({ ...withDhcp, ...lease }).messages).toEqual([]);
  });

  test("has no lease yet when only the configuration told of servers", () => {
    const told = { "run/kubesolo-os/links/000-configuration": "nameserver 10.0.0.2\n" };
    expect(boot50({ ...withDhcp, ...told }).messages).toHaveLength(1);
  });

  test("is set up as without an agent when that one came to no end", () => {
    const broken = { ...links, "run/kubesolo-os/network.json": '{"plan":{}}' };
    const { calls } = boot50(broken);
    expect(dhcpOn(calls)).toEqual(["eth0", "eth1"]);
    expect(calls).not.toContain("agent network guard");
  });

  test("is the agent's when a card shows up", () => {
    const { calls } = runScript("lib/link-setup.sh", {
      files: configured,
      after: `. "$LIB/network.sh"; . "$LIB/ip-word.sh"; take_new_links`,
    });
    expect(calls).toEqual(["agent network plug"]);
  });
});

describe("the agent's script for links", () => {
  const script = (args: string[], files: ScriptSetup["files"] = {}) =>
    runScript("services/links", { args, files: { ...links, ...files }, after: "wait" });

  test("starts DHCP clients", () => {
    expect(dhcpOn(script(["dhcp", "eth1", "bond0"]).calls)).toEqual(["bond0", "eth1"]);
  });

  test("stops them and forgets what they told", () => {
    const { calls, file } = script(["stop"], {
      "run/udhcpc.eth0.pid": "42\n",
      "run/udhcpc.bond0.pid": "43\n",
      "run/kubesolo-os/links/100-eth0": "nameserver 10.0.0.2\n",
      "run/kubesolo-os/dhcp/eth0": "order 100\n",
    });
    expect(calls).toEqual(["kill 43", "kill 42"]);
    expect(file("run/resolv.conf")).toBe("");
  });

  test("publishes the configuration's servers before others", () => {
    const { file } = script(["publish"], {
      "run/kubesolo-os/links/000-configuration": "search a.b\nnameserver 10.0.0.2\n",
      "run/kubesolo-os/links/100-eth0": "nameserver 10.0.0.3\nntp 10.0.0.4\n",
    });
    expect(file("run/resolv.conf")).toBe("search a.b\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n");
    expect(file("run/kubesolo-os/ntp-servers")).toBe("10.0.0.4\n");
  });
});
