import { describe, expect, test } from "vitest";
import { links } from "./links.ts";
import { runScript, type ScriptSetup } from "./script.ts";

describe("the DHCP client's script", () => {
  const answer = { interface: "eth1", ip: "10.1.0.9", mask: "24", router: "10.1.0.1 10.1.0.2" };
  const run = (event: string, env: Record<string, string>, files: ScriptSetup["files"] = {}) =>
    runScript("services/udhcpc", {
      args: [event],
      env: { ...answer, ...env },
      files: { ...links, ...files },
    });

  test("sets address, route and servers", () => {
    const env = { dns: "10.1.0.2", domain: "example.org", ntpsrv: "10.1.0.3 10.1.0.4" };
    const { calls, file } = run("bound", env);
    expect(calls).toEqual([
      "ip addr replace 10.1.0.9/24 dev eth1",
      "ip route replace default via 10.1.0.1 dev eth1 metric 103",
    ]);
    expect(file("run/resolv.conf")).toBe("search example.org\nnameserver 10.1.0.2\n");
    expect(file("run/kubesolo-os/ntp-servers")).toBe("10.1.0.3\n10.1.0.4\n");
  });

  test("keeps what another link told, the first link's first", () => {
    const told = {
      "run/kubesolo-os/links/102-eth0": "search home\nnameserver 192.168.1.1\n",
      "run/kubesolo-os/links/103-eth1": "nameserver 10.9.9.9\n",
    };
    const { file } = run("renew", { dns: "10.1.0.2 192.168.1.1", domain: "example.org" }, told);
    expect(file("run/resolv.conf")).toBe(
      "search home example.org\nnameserver 192.168.1.1\nnameserver 10.1.0.2\n",
    );
  });

  test("forgets what this link told when it loses its address", () => {
    const told = {
      "run/kubesolo-os/links/102-eth0": "nameserver 192.168.1.1\n",
      "run/kubesolo-os/links/103-eth1": "nameserver 10.1.0.2\n",
    };
    const { calls, file } = run("deconfig", {}, told);
    expect(calls).toEqual(["ip -4 addr flush dev eth1"]);
    expect(file("run/resolv.conf")).toBe("nameserver 192.168.1.1\n");
  });

  test("has the time daemon begin anew with a new network, not with a renewed lease", () => {
    const daemon = { "run/kubesolo-os/ntpd.pid": "42\n" };
    expect(run("bound", {}, daemon).calls).toContain("kill 42");
    expect(run("renew", {}, daemon).calls).not.toContain("kill 42");
  });

  test("does nothing when the server refuses", () => {
    expect(run("nak", {}).calls).toEqual([]);
  });

  const settings = (text: string) => ({ "run/kubesolo-os/dhcp/eth1": `order 104\n${text}` });
  const told = { dns: "10.1.0.2", domain: "example.org", ntpsrv: "10.1.0.3" };

  test("takes the configuration's metric, and the place of its link", () => {
    const { calls, file } = run("bound", told, {
      ...settings("metric 7\n"),
      "run/kubesolo-os/links/102-eth0": "nameserver 10.9.9.9\n",
    });
    expect(calls[1]).toBe("ip route replace default via 10.1.0.1 dev eth1 metric 7");
    expect(file("run/resolv.conf")).toBe("search example.org\nnameserver 10.9.9.9\nnameserver 10.1.0.2\n");
  });

  test.each([
    ["routes", "search example.org\nnameserver 10.1.0.2\n", "10.1.0.3\n", 1],
    ["dns", "search example.org\n", "10.1.0.3\n", 2],
    ["domains", "nameserver 10.1.0.2\n", "10.1.0.3\n", 2],
    ["ntp", "search example.org\nnameserver 10.1.0.2\n", "", 2],
  ])("leaves out the %s that the configuration doesn't want", (what, resolv, ntp, calls) => {
    const result = run("bound", told, settings(`metric 7\nno ${what}\n`));
    expect(result.file("run/resolv.conf")).toBe(resolv);
    expect(result.file("run/kubesolo-os/ntp-servers")).toBe(ntp);
    expect(result.calls).toHaveLength(calls);
  });

  test("takes only its own address away from a link of the configuration", () => {
    const lease = { "run/kubesolo-os/leases/eth1": "10.1.0.9/24\n" };
    expect(run("deconfig", {}, { ...settings(""), ...lease }).calls).toEqual([
      "ip addr del 10.1.0.9/24 dev eth1",
    ]);
    expect(run("deconfig", {}, settings("")).calls).toEqual([]);
  });
});
